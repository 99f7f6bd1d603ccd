package stats

// Desk is what the desk's first screen takes from other modules.
type Desk struct{}
