package waiting

// Moved follows each step of a place or an offer of which somebody is told.
type Moved struct {
	Verb     string `json:"verb"`
	Kind     string `json:"kind"` // of the offer; empty: a place
	Wait     string `json:"wait,omitempty"`
	Offer    string `json:"offer,omitempty"`
	Origin   string `json:"origin,omitempty"` // the order that was refused or is to be moved
	Buyer    string `json:"buyer"`
	Provider string `json:"provider"`
	Name     string `json:"name"`            // of the resource
	Start    string `json:"start,omitempty"` // as people say it
	Until    string `json:"until,omitempty"`
}

// EventName is waiting.moved.
func (Moved) EventName() string { return "waiting.moved" }
