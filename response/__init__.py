"""What happens: incidents, level decisions, deployments, tasks, close-out."""
