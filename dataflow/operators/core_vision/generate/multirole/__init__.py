"""Multi-role video QA: a draft author, a panel of experts called in by a master, and an editor.

`material` lays the video out, `discussion` asks and keeps the transcript; `draft`, `panel` and `final` hold a stage and
its operator each, `generate` the operator that is all three.
"""
