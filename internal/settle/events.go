package settle

import "qiao/internal/platform/money"

// StatementMoved follows when a statement was closed, or one side has confirmed it, or both have.
type StatementMoved struct {
	Statement string    `json:"statement"`
	Number    string    `json:"number"`
	Verb      string    `json:"verb"` // close, check, confirm, agree
	By        string    `json:"by"`   // authority that acted
	LowOrg    string    `json:"low_org"`
	HighOrg   string    `json:"high_org"`
	Total     money.Fen `json:"total"`
}

// EventName is settle.statement-moved.
func (StatementMoved) EventName() string { return "settle.statement-moved" }

// BreakMoved follows when a break was raised, answered or decided.
type BreakMoved struct {
	Break     string `json:"break"`
	Statement string `json:"statement"`
	Number    string `json:"number"` // of the statement
	Verb      string `json:"verb"`
	Tell      string `json:"tell"` // authority that has to know; '' none on this node
	DueOn     string `json:"due_on"`
}

// EventName is settle.break-moved.
func (BreakMoved) EventName() string { return "settle.break-moved" }
