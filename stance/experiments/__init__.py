"""Config in → run → result on disk."""
