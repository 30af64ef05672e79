"""Events: what happened, committed with the change that caused it. Knows no subscriber."""
