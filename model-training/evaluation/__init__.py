"""Measures by classical vision whether a clip shows what its prompt says.

Read measure.py first: what is computed from pixels. colours.py finds objects by their colours, discriminant.py decides among
the world's classes; both are fitted on clips that the renderer draws (estimators.py), never on a model's. score.py compares
with the scenes, report.py writes the page, and __main__.py is the command.
"""
