"""Learning from a person's own files: what the wizard and `desktop-ae finetune` both do."""
