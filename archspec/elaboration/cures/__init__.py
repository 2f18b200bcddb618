"""What a mistake most likely stands for: the sentence that says it, and the fix where only one can be meant."""
