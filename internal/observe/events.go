package observe

// Planned follows each step of a plan.
type Planned struct {
	Plan     string `json:"plan"`
	Order    string `json:"order"`
	Number   string `json:"number"`
	Buyer    string `json:"buyer"`
	Provider string `json:"provider"`
	Verb     string `json:"verb"`
	By       string `json:"by"` // organisation that did it
}

// EventName is observe.planned.
func (Planned) EventName() string { return "observe.planned" }

// Live follows the first picture of a session.
type Live struct {
	Session string   `json:"session"`
	Number  string   `json:"number"`
	Buyer   string   `json:"buyer"`
	Guests  []string `json:"guests,omitempty"` // people
}

// EventName is observe.live.
func (Live) EventName() string { return "observe.live" }

// Called follows when a single session was called off.
type Called struct {
	Session string `json:"session"`
	Number  string `json:"number"`
	To      string `json:"to"` // organisation of the other side
}

// EventName is observe.called-off.
func (Called) EventName() string { return "observe.called-off" }
