"""The rule language: one meaning, one evaluator, pure Python."""
