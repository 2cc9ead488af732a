"""Network: an encoder and its heads in torch, as they are trained.

``stance.encoders.heads`` does the same in numpy, from the arrays that this module names. torch and
transformers are imported where they are needed, so that nothing else of the package waits for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from stance.encoders.heads import N_PLACES
from stance.encoders.pretrained import EXTRA, EncoderError, pretrained
from stance.encoders.tokens import MAX_TARGET_TOKENS
from stance.extras import imported

Tensor = Any
Module = Any

_FAR_BELOW = -1e4
"""Score of padding; an infinite one makes NaN of a row of nothing else."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one head tells.

    Parameters
    ----------
    name : str
    kind : {"type", "stance"}
        Of passages by themselves and their neighbours, or of passages and a target.
    classes : tuple of str
        In the order of the head's outputs.
    context : bool
        Whether a head of types looks at neighbours and places.
    """

    name: str
    kind: Literal["type", "stance"]
    classes: tuple[str, ...]
    context: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the heads.

    Parameters
    ----------
    n_heads : int
        Of a stance head's attention; divides the encoder's hidden size.
    type_width, stance_width : int
        Hidden layers.
    dropout : float
        Share of a head's inputs, and of its hidden layer, that training leaves out.
    """

    n_heads: int = 4
    type_width: int = 128
    stance_width: int = 256
    dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class Network:
    """An encoder, its heads, and its tokenizer.

    Parameters
    ----------
    module : torch.nn.ModuleDict
        ``encoder``, and in ``heads`` a module for every task, in their order.
    tasks : mapping of str to Task
    tokenizer : bytes
        A ``tokenizer.json``.
    hidden : int
        Size of a hidden state.
    n_heads : int
    name : str
        What the encoder was asked for by.
    """

    module: Module
    tasks: Mapping[str, Task]
    tokenizer: bytes
    hidden: int
    n_heads: int
    name: str

    @property
    def encoder(self) -> Module:
        """The encoder alone."""
        return self.module["encoder"]

    def head(self, task: str) -> Module:
        """A task's head."""
        return self.module["heads"][[*self.tasks].index(task)]

    def states(self, ids: Tensor, attention: Tensor) -> Tensor:
        """Hidden states, shape (n_passages, n_tokens, hidden)."""
        return self.encoder(input_ids=ids, attention_mask=attention).last_hidden_state


def new_network(
    encoder: str, tasks: Sequence[Task], *, shape: Shape | None = None, seed: int = 0
) -> Network:
    """A pretrained encoder under heads that know nothing yet.

    Parameters
    ----------
    encoder : str
        As ``encoder_place`` takes it. No code that comes with a model is run.
    tasks : sequence of Task
    shape : Shape, optional
    seed : int
        Of the heads' first weights.

    Raises
    ------
    ExtraMissingError
        torch or transformers is not installed.
    EncoderError
        The encoder cannot be had, is none, or its hidden size is no multiple of ``n_heads``.
    """
    torch = imported("torch", extra=EXTRA)
    shape = shape or Shape()
    body, tokenizer = pretrained(encoder)
    hidden = int(getattr(body.config, "hidden_size", 0) or getattr(body.config, "dim", 0))
    if not hidden or hidden % shape.n_heads:
        raise EncoderError(
            f"encoder {encoder!r}: its hidden size is {hidden}, expected a multiple of "
            f"{shape.n_heads} (n_heads)"
        )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        heads = [_new_head(torch, task, hidden, shape) for task in tasks]
    module = torch.nn.ModuleDict({"encoder": body, "heads": torch.nn.ModuleList(heads)})
    return Network(
        module=module,
        tasks={task.name: task for task in tasks},
        tokenizer=tokenizer,
        hidden=hidden,
        n_heads=shape.n_heads,
        name=encoder,
    )


def mean_states(states: Tensor, mask: Tensor) -> Tensor:
    """Mean over the tokens of a mask; zeros where it has none; shape (n_passages, hidden)."""
    mask = mask.to(states.dtype).unsqueeze(-1)
    return (states * mask).sum(1) / mask.sum(1).clamp(min=1)


def type_logits(
    head: Module, means: Tensor, neighbours: Tensor, places: Tensor, *, context: bool
) -> Tensor:
    """Logits of a type head, shape (n_passages, n_classes).

    Parameters
    ----------
    head : torch.nn.Module
    means : tensor, shape (n_passages, hidden)
    neighbours : tensor of int, shape (n_passages, 2)
        Rows of the passages before and after; -1 for none.
    places : tensor, shape (n_passages, 8)
        As ``stance.encoders.heads.places``.
    context : bool
    """
    torch = imported("torch", extra=EXTRA)
    if context:
        padded = torch.cat([means, torch.zeros_like(means[:1])])
        parts = [means, padded[neighbours[:, 0]], padded[neighbours[:, 1]], places]
    else:
        nothing = torch.zeros_like(means)
        parts = [means, nothing, nothing, torch.zeros_like(places)]
    return _mixed(head, torch.cat(parts, 1))


def stance_logits(
    head: Module, states: Tensor, attention: Tensor, mention: Tensor, text: Tensor
) -> Tensor:
    """Logits of a stance head, shape (n_passages, n_classes).

    Parameters
    ----------
    head : torch.nn.Module
    states : tensor, shape (n_passages, n_tokens, hidden)
    attention, mention, text : tensor, shape (n_passages, n_tokens)
        1 for tokens that are no padding, of the target, of the text.
    """
    torch = imported("torch", extra=EXTRA)
    n, length, hidden = states.shape
    n_heads = len(head.near)
    of_target = mean_states(states, mention)
    query = head.q(of_target).view(n, n_heads, 1, -1)
    keys = head.k(states).view(n, length, n_heads, -1).transpose(1, 2)
    values = head.v(states).view(n, length, n_heads, -1).transpose(1, 2)
    scores = query @ keys.transpose(2, 3) / (hidden // n_heads) ** 0.5
    scores = scores - head.near.view(1, -1, 1, 1) * _distances(torch, mention).view(n, 1, 1, -1)
    scores = scores.masked_fill(attention.view(n, 1, 1, -1) == 0, _FAR_BELOW)
    gathered = (scores.softmax(-1) @ values).transpose(1, 2).reshape(n, hidden)
    return _mixed(head, torch.cat([of_target, gathered, mean_states(states, text)], 1))


def freeze_words(network: Network) -> None:
    """Leave the table of word embeddings as it is: updating it costs more than all the rest."""
    network.encoder.get_input_embeddings().weight.requires_grad_(False)


def rated_parameters(
    network: Network, *, rate: float, head_rate: float, decay: float
) -> Iterator[tuple[float, list[Any], bool]]:
    """Parameters in groups of one learning rate.

    The last layer of the encoder learns at ``rate``, each one below at ``decay`` times the rate of
    the one above it, embeddings at the lowest; what belongs to no layer learns like the last one.

    Yields
    ------
    float, list of Parameter, bool
        The rate, the parameters, and whether weight decay is for them: for matrices, not for
        biases and norms.
    """
    prefix, n_layers = _layers(network.encoder)
    groups: dict[tuple[float, bool], list[Any]] = {}
    for name, parameter in network.encoder.named_parameters():
        if parameter.requires_grad:
            depth = _depth(name, prefix, n_layers)
            groups.setdefault((rate * decay**depth, parameter.ndim > 1), []).append(parameter)
    for parameter in network.module["heads"].parameters():
        groups.setdefault((head_rate, parameter.ndim > 1), []).append(parameter)
    for (own, is_decayed), parameters in groups.items():
        yield own, parameters, is_decayed


def head_arrays(network: Network) -> dict[str, Any]:
    """Weights of all heads as numpy float32, ``task.name`` → array."""
    return {
        f"{task}.{name}": value.detach().cpu().float().numpy()
        for task in network.tasks
        for name, value in network.head(task).state_dict().items()
    }


def check_length(network: Network, max_tokens: int) -> None:
    """Raise EncoderError where the encoder cannot read texts of so many tokens."""
    n, longest = _n_positions(network), max_tokens + MAX_TARGET_TOKENS + 3
    if n and longest > n:
        raise EncoderError(
            f"encoder {network.name!r} reads {n} tokens at most, and max_tokens = {max_tokens} "
            f"with a target before the text makes {longest}: expected max_tokens <= "
            f"{n - MAX_TARGET_TOKENS - 3}"
        )


def _n_positions(network: Network) -> int:
    """Tokens that the encoder can read at most; 0 where it does not say."""
    config = network.encoder.config
    n = int(getattr(config, "max_position_embeddings", 0) or 0)
    # Encoders of RoBERTa's kind count positions from the padding's id on.
    is_shifted = type(network.encoder).__name__.startswith(("Roberta", "XLMRoberta", "Camembert"))
    return n - 2 if is_shifted else n


def _new_head(torch: Any, task: Task, hidden: int, shape: Shape) -> Module:
    nn, head = torch.nn, torch.nn.Module()
    if task.kind == "stance":
        head.q, head.k, head.v = (nn.Linear(hidden, hidden) for _ in range(3))
        head.near = nn.Parameter(torch.zeros(shape.n_heads))
        n_in, width = 3 * hidden, shape.stance_width
    else:
        n_in, width = 3 * hidden + N_PLACES, shape.type_width
    head.mix = nn.Linear(n_in, width)
    head.out = nn.Linear(width, len(task.classes))
    head.drop = nn.Dropout(shape.dropout)
    return head


def _mixed(head: Module, inputs: Tensor) -> Tensor:
    torch = imported("torch", extra=EXTRA)
    return head.out(head.drop(torch.nn.functional.gelu(head.mix(head.drop(inputs)))))


def _distances(torch: Any, mention: Tensor) -> Tensor:
    """``log1p`` of each token's distance from the middle of the mentions; from 0 without any."""
    places = torch.arange(mention.shape[1], device=mention.device).expand(mention.shape)
    centre = (places * mention).sum(1) / mention.sum(1).clamp(min=1)
    return torch.log1p((places - centre.unsqueeze(1)).abs())


def _layers(encoder: Module) -> tuple[str, int]:
    """Name and length of the encoder's list of layers: the longest list there is."""
    torch = imported("torch", extra=EXTRA)
    lists = [
        (name, len(m)) for name, m in encoder.named_modules() if isinstance(m, torch.nn.ModuleList)
    ]
    return max(lists, key=lambda pair: pair[1], default=("", 0))


def _depth(name: str, prefix: str, n_layers: int) -> int:
    """How many layers lie above a parameter."""
    if prefix and name.startswith(f"{prefix}."):
        return n_layers - 1 - int(name.removeprefix(f"{prefix}.").split(".")[0])
    return n_layers if name.startswith("embeddings.") else 0
