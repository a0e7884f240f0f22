"""A chat bot that runs a weekly paper reading group. Start reading at `bot/app.py`."""
