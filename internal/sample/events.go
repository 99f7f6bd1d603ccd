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

// Due follows when the last day of an order's samples comes or has passed, or when they did not arrive.
type Due struct {
	Order    string `json:"order"`
	Number   string `json:"number"` // of the order
	Buyer    string `json:"buyer"`
	Provider string `json:"provider"`
	Count    int64  `json:"count"`
	Kind     string `json:"kind"` // ending, over, or the state they wait in: sent, returned, refused
	Day      string `json:"day"`  // their last day, or since when they wait
	Days     int64  `json:"days"` // before it or since, by rule
	To       string `json:"to"`   // turn: the side that has to act; both
}

// EventName is sample.due.
func (Due) EventName() string { return "sample.due" }

// Turn is the side that has to act.
func (e Due) Turn() string {
	if e.Kind == Returned {
		return Buyer
	}
	return Provider
}
