package behalf

// Moved follows each step of a booking made for another.
type Moved struct {
	Verb     string `json:"verb"`
	Booking  string `json:"booking"`
	Order    string `json:"order"`
	Number   string `json:"number"`
	Buyer    string `json:"buyer"`
	Provider string `json:"provider"`
	ClerkOrg string `json:"clerk_org"`
	Clerk    string `json:"clerk"` // the organisation that booked, as people say it
	Name     string `json:"name"`  // of the resource
	Start    string `json:"start"` // as people say it
}

// EventName is behalf.moved.
func (Moved) EventName() string { return "behalf.moved" }
