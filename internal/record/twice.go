package record

import "qiao/internal/platform/clock"

// Why two records are of one service.
const (
	TwiceNumber = "number" // the owner's own number is the same
	TwiceOrder  = "order"  // one is an order of Qiao, the other names its number
	TwiceTime   = "time"   // the same instrument at the same time for the same user
	TwicePapers = "papers" // the same instrument at the same time under the same contract and invoice
)

// Twice tells why two records of one owner are of one service, or "" when they are not:
//
//  1. they have the same own number, or one names the number of the order that the other is of;
//  2. they are of the same instrument and time, and of the same user, or, where the user is written otherwise, of the
//     same contract and invoice.
//
// The time is the same when both begin at the same minute; where only the day is known of one, when the day is the same;
// where one is an order of Qiao, when the stretches overlap. Two services of one day of which not both have a time of day
// are two when each has an own number of its own. Who uses an instrument several times under one invoice on other days or
// at other times is counted each time. The order of a and b does not matter.
func Twice(a, b Record) string {
	switch {
	case a.OwnNumber != "" && a.OwnNumber == b.OwnNumber:
		return TwiceNumber
	case a.OrderNumber != "" && a.OrderNumber == b.OwnNumber, b.OrderNumber != "" && b.OrderNumber == a.OwnNumber:
		return TwiceOrder
	case a.Resource != b.Resource || !sameTime(a, b):
		return ""
	case (!a.Timed || !b.Timed) && a.OwnNumber != "" && b.OwnNumber != "":
		return ""
	case a.UserKey == b.UserKey || plainName(a.User) == plainName(b.User):
		return TwiceTime
	case a.Contract != "" && a.Contract == b.Contract && a.Invoice != "" && a.Invoice == b.Invoice:
		return TwicePapers
	}
	return ""
}

func sameTime(a, b Record) bool {
	switch {
	case !a.Timed || !b.Timed:
		return a.covers(b.Day) || b.covers(a.Day)
	case a.Start.Equal(b.Start.Time):
		return true
	case a.Source != FromOrder && b.Source != FromOrder, a.End.IsZero() || b.End.IsZero():
		return false
	}
	return a.Start.Before(b.End.Time) && b.Start.Before(a.End.Time)
}

// covers tells whether a day is the day of the record; of an order that ran over several, one of them.
func (r Record) covers(day string) bool {
	if r.Source != FromOrder || r.End.IsZero() {
		return r.Day == day
	}
	return r.Day <= day && day <= clock.Day(r.End.Time)
}
