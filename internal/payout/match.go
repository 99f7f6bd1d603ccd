package payout

import "strings"

// Outcomes of a receipt's row.
const (
	OutcomePaid     = "paid"     // the payment has arrived
	OutcomeReturned = "returned" // it came back
	OutcomeKnown    = "known"    // it says what is known already
	OutcomeBreak    = "break"    // it differs: a person looks
)

// Why a row is a break.
const (
	BreakUnknown  = "item-unknown"
	BreakResult   = "result-unknown"
	BreakUnread   = "amount-unreadable"
	BreakAmount   = "amount-differs"
	BreakAccount  = "account-differs"
	BreakTwice    = "said-twice"
	BreakNotSent  = "not-sent"
	BreakReturned = "returned-before"
	BreakRefused  = "not-booked" // the ledger refused it
)

// Line is a row of a receipt with what it means.
type Line struct {
	Receipt
	Outcome string
	Code    string    // why it is a break
	Match   *PaperRow // the payment, where its number is known
}

// Match says what each row of a receipt means for the payments that it names. It changes nothing; rows that agree with what is
// known already have no effect, so a file read twice changes nothing the second time.
func Match(rules Rules, receipts []Receipt, payments map[string]PaperRow) []Line {
	said := map[string]bool{}
	out := make([]Line, len(receipts))
	for i, r := range receipts {
		l := Line{Receipt: r}
		number := strings.ToUpper(strings.TrimSpace(r.Item))
		if p, ok := payments[number]; ok {
			l.Match = &p
		}
		l.Outcome, l.Code = judge(rules, l)
		if l.Outcome == OutcomePaid || l.Outcome == OutcomeReturned {
			if said[number] {
				l.Outcome, l.Code = OutcomeBreak, BreakTwice
			}
			said[number] = true
		}
		out[i] = l
	}
	return out
}

// judge looks at one row alone.
func judge(rules Rules, l Line) (outcome, code string) {
	if l.Match == nil {
		return OutcomeBreak, BreakUnknown
	}
	amount, readable := readAmount(l.Amount)
	good, bad := rules.Verdict(l.Result)
	switch {
	case !readable:
		return OutcomeBreak, BreakUnread
	case amount != l.Match.Amount:
		return OutcomeBreak, BreakAmount
	case l.Receipt.Account != "" && !sameAccount(l.Receipt.Account, l.Match.Account.Number):
		return OutcomeBreak, BreakAccount
	case !good && !bad:
		return OutcomeBreak, BreakResult
	}
	switch l.Match.State {
	case ItemSent:
		if good {
			return OutcomePaid, ""
		}
		return OutcomeReturned, ""
	case ItemPaid:
		if good {
			return OutcomeKnown, ""
		}
		return OutcomeReturned, ""
	case ItemReturned:
		if bad {
			return OutcomeKnown, ""
		}
		return OutcomeBreak, BreakReturned
	}
	return OutcomeBreak, BreakNotSent
}

// sameAccount compares numbers; banks mask the middle in what they give back, so ends that agree do.
func sameAccount(said, ours string) bool {
	said = strings.ReplaceAll(said, "＊", "*")
	if i := strings.IndexByte(said, '*'); i >= 0 {
		head, tail := plainAccount(said[:i]), plainAccount(said[strings.LastIndexByte(said, '*')+1:])
		ours = plainAccount(ours)
		return len(tail) >= 4 && strings.HasPrefix(ours, head) && strings.HasSuffix(ours, tail)
	}
	return plainAccount(said) == plainAccount(ours)
}
