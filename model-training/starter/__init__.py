"""How the starter checkpoint is trained: data.py, latents.py, vae.py, text.py, transformer.py and their commands."""
