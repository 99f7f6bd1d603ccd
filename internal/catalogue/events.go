package catalogue

// ResourceChanged says that a resource was created, changed or moved to another state. The search index follows it.
type ResourceChanged struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Owner    string `json:"owner"`
	Region   string `json:"region"`
	Revision int64  `json:"revision"`
	Status   string `json:"status"`
}

// EventName is the event's name in the outbox.
func (ResourceChanged) EventName() string { return "resource.changed" }
