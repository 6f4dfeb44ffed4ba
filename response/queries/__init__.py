"""Every read a page needs, shaped for it; each takes the actor."""
