package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// SlotState is what a span of an instrument's day is.
type SlotState string

// The states of a slot.
const (
	SlotFree        SlotState = "free"
	SlotTaken       SlotState = "taken"
	SlotClosed      SlotState = "closed"
	SlotMaintenance SlotState = "maintenance"
	SlotMine        SlotState = "mine"
)

// StripOf is one day of an instrument at a glance: equal spans from an hour on.
type StripOf struct {
	Day    string // "今天", said before the free times
	From   int    // first hour, 8
	Step   int    // minutes of one span, 60 if 0
	States []SlotState
}

func (s StripOf) step() int {
	if s.Step == 0 {
		return 60
	}
	return s.Step
}

// clockAt is the time of day at which span i begins.
func (s StripOf) clockAt(i int) string {
	m := s.From*60 + i*s.step()
	return fmt.Sprintf("%02d:%02d", m/60, m%60)
}

// say tells the free times in words.
func (s StripOf) say(ctx context.Context) string {
	var free []string
	for i := 0; i < len(s.States); i++ {
		if s.States[i] != SlotFree {
			continue
		}
		from := i
		for i < len(s.States) && s.States[i] == SlotFree {
			i++
		}
		free = append(free, s.clockAt(from)+"–"+s.clockAt(i))
	}
	if len(free) == 0 {
		return t(ctx, "{0}没有空闲时段", s.Day)
	}
	return t(ctx, "{0}可约 {1}", s.Day, strings.Join(free, " · "))
}

// axis are the four times written under a strip.
func (s StripOf) axis() []string {
	n := len(s.States)
	return []string{s.clockAt(0), s.clockAt(n / 3), s.clockAt(2 * n / 3), s.clockAt(n)}
}

// BoardOf is a calendar of slots to look at or to choose from: a column a day, cards on phones.
type BoardOf struct {
	Label string // what the slots are of
	Name  string // of the field a chosen slot fills; empty: nothing to choose
	Many  bool   // several may be chosen (boxes); else one
	Days  []BoardDay
	Prev  string // address of the week before
	Next  string // address of the week after
}

// BoardDay is a day of a Board.
type BoardDay struct {
	Day   string // YYYY-MM-DD
	Note  string // holiday, closed
	Slots []BoardSlot
}

// BoardSlot is a slot of a Board.
type BoardSlot struct {
	Label  string // "09:00–10:00"
	State  SlotState
	Value  string // sent when chosen
	Chosen bool
	Href   string // where a slot that is a link goes
	Note   string // "已约", who (only for whom may see it)
}

// free counts the slots of a day one can choose.
func (d BoardDay) free() int {
	n := 0
	for _, s := range d.Slots {
		if s.State == SlotFree {
			n++
		}
	}
	return n
}

// say tells in words how much of a day is free.
func (d BoardDay) say(ctx context.Context) string {
	switch n := d.free(); {
	case n > 0:
		return t(ctx, "{0} 个时段可约", n)
	case len(d.Slots) == 0:
		return t(ctx, "不开放")
	}
	return t(ctx, "没有空闲时段")
}

// firstOpen is the day a narrow screen shows unfolded: the one with the choice, else the first with a free slot.
func (b BoardOf) firstOpen() string {
	first := ""
	for _, d := range b.Days {
		for _, s := range d.Slots {
			if s.Chosen {
				return d.Day
			}
		}
		if first == "" && d.free() > 0 {
			first = d.Day
		}
	}
	return first
}

func (b BoardOf) kind() string {
	if b.Many {
		return "checkbox"
	}
	return "radio"
}

// slotWord says the state of a slot.
func slotWord(ctx context.Context, s SlotState) string {
	switch s {
	case SlotFree:
		return t(ctx, "可约")
	case SlotTaken:
		return t(ctx, "已约")
	case SlotMaintenance:
		return t(ctx, "维护")
	case SlotMine:
		return t(ctx, "我的")
	default:
		return t(ctx, "不开放")
	}
}

// LanesOf is a day of several instruments side by side, a lane each, in half hours.
type LanesOf struct {
	Label string
	From  int // first hour
	To    int // last hour, at most 24 hours after
	Lanes []Lane
	// Day (YYYY-MM-DD) and Form, the id of a form with resource, from and to, let one drag over free time to fill it in, and
	// drag events that have a Move. Empty: only shown.
	Day  string
	Form string
}

// Lane is one instrument's day.
type Lane struct {
	Key    string // of the instrument, for the form
	Label  string
	Href   string
	Events []LaneEvent
}

// LaneEvent is a span in a lane, in minutes since midnight.
type LaneEvent struct {
	From, To int
	Title    string
	Href     string
	Tone     Tone
	Move     string // address of the form that moves it; empty: it stays where it is
}

// place are the classes that put an event on its half hours.
func (l LanesOf) place(e LaneEvent) string {
	from := max(0, e.From-l.From*60) / 30
	to := min((l.To-l.From)*60, e.To-l.From*60+29) / 30
	return "g" + strconv.Itoa(from+1) + " w" + strconv.Itoa(max(1, to-from))
}

func minutes(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
