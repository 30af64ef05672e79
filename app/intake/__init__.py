"""The one use case that ties the house together: something arrives, is routed, owned and acted on. It holds no rule."""
