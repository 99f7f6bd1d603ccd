package sample

// Moved follows each step of a sample.
type Moved struct {
	Sample   string `json:"sample"`
	Number   string `json:"number"`
	Order    string `json:"order"`
	Buyer    string `json:"buyer"`
	Provider string `json:"provider"`
	Verb     string `json:"verb"`
	To       string `json:"to"`
	Offered  string `json:"offered,omitempty"` // person it is being handed to
}

// EventName is sample.moved.
func (Moved) EventName() string { return "sample.moved" }
