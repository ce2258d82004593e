"""The starter model's small world: what can be in it, how it is said, how it moves and how it is drawn.

Read scene.py first (what a clip shows), then caption.py (its description), motion.py and camera.py (the ground truth of
each frame) and renderer.py (the pixels).
"""
