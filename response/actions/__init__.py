"""Every write of the app, one function a change."""
