"""The English sentences, by name: area, dot, subject. Each file has whole areas.

A file is read when its first sentence is asked for. What the panel says is read beforehand, by
`velora_core.application`.
"""
