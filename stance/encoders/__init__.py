"""One small encoder, many heads: types, quotation flags and stances from one pass per paragraph.

``tokens``, ``session``, ``graph``, ``heads``, ``folder`` and ``accurate`` run a trained model with
onnxruntime and tokenizers (``pip install 'stance-lab[encoder]'``) and nothing heavier.
"""
