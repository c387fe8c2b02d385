"""One folder for each broadcasting software, and for each place that a panel is shown in."""
