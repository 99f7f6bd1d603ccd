package onsite

// Closed follows when a forgotten session was closed by rule.
type Closed struct {
	Order  string `json:"order"`
	Number string `json:"number"`
	Buyer  string `json:"buyer"`
	Owner  string `json:"owner"`
	Person string `json:"person"`
}

// EventName is onsite.closed.
func (Closed) EventName() string { return "onsite.closed" }

// NotKept follows when nobody came by the rule's minutes.
type NotKept struct {
	Order  string `json:"order"`
	Number string `json:"number"`
	Buyer  string `json:"buyer"`
	Owner  string `json:"owner"`
	Person string `json:"person"`
}

// EventName is onsite.not-kept.
func (NotKept) EventName() string { return "onsite.not-kept" }

// Faulted follows when somebody at the instrument told of a fault.
type Faulted struct {
	Fault    string `json:"fault"`
	Resource string `json:"resource"`
	Owner    string `json:"owner"`
	Name     string `json:"name"`
}

// EventName is onsite.faulted.
func (Faulted) EventName() string { return "onsite.faulted" }
