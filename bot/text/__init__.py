"""Every sentence that a member reads."""
