package booking

// Closed follows when a resource was taken out of service; Affected are the holders whose time it takes (a breakdown).
type Closed struct {
	Closure  string   `json:"closure"`
	Resource string   `json:"resource"`
	Owner    string   `json:"owner"`
	State    string   `json:"state"`
	Reason   string   `json:"reason"`
	Affected []string `json:"affected,omitempty"`
}

// EventName is booking.closed.
func (Closed) EventName() string { return "booking.closed" }
