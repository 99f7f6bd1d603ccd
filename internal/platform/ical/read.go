package ical

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of a calendar that is read.
const (
	maxEvents      = 20_000
	maxOccurrences = 5_000
	maxRepeated    = 1_000 // events with a rule
)

// Occurrence is one stretch of time of an event, repeated ones one by one.
type Occurrence struct {
	UID      string // of the event
	At       string // which of a repeated event it is: its original start as in the calendar; "" for a single one
	Sequence int64
	Start    time.Time
	End      time.Time
	Summary  string
}

// Faults of a calendar as a whole.
var (
	ErrNoCalendar = errors.New("ical: not a calendar")
	ErrTooLarge   = errors.New("ical: too many events")
)

// Read lists when the events of a calendar take place between two instants, by start. Events that are free time, cancelled or
// without an end do not take time. Times without a zone are read in zone. What cannot be read is left out and named in
// skipped by its UID; the others stand.
func Read(text string, from, to time.Time, zone *time.Location) (list []Occurrence, skipped []string, err error) {
	c, err := parse(text, zone)
	if err != nil {
		return nil, nil, err
	}
	moved := map[string]bool{} // occurrences that have an event of their own
	repeated := 0
	for _, e := range c.events {
		if e.rule != "" {
			repeated++
		}
		if e.recurrence != "" {
			moved[e.uid+"\x00"+e.recurrence] = true
		}
	}
	if repeated > maxRepeated {
		return nil, nil, ErrTooLarge
	}
	for _, e := range c.events {
		if e.bad {
			skipped = append(skipped, e.uid)
			continue
		}
		if e.free || !e.start.Before(e.end) {
			continue
		}
		times, ok := e.times(from, to)
		if !ok {
			skipped = append(skipped, e.uid)
			continue
		}
		length := e.end.Sub(e.start)
		for _, at := range times {
			o := Occurrence{UID: e.uid, Sequence: e.sequence, Start: at, End: at.Add(length), Summary: e.summary}
			if e.day { // a civil day is not always 24 hours
				o.End = at.AddDate(0, 0, e.days)
			}
			if e.repeats() {
				o.At = at.UTC().Format(stamp)
				if moved[e.uid+"\x00"+o.At] {
					continue
				}
			} else if e.recurrence != "" {
				o.At = e.recurrence
			}
			if o.Start.Before(to) && o.End.After(from) {
				list = append(list, o)
			}
			if len(list) > maxOccurrences {
				return nil, nil, ErrTooLarge
			}
		}
	}
	slices.SortFunc(list, func(a, b Occurrence) int {
		if n := a.Start.Compare(b.Start); n != 0 {
			return n
		}
		return strings.Compare(a.UID+a.At, b.UID+b.At)
	})
	return list, skipped, nil
}

// calendar is what was parsed.
type calendar struct {
	events []event
	zones  map[string]*time.Location // of VTIMEZONE, for ids that the system does not know
	zone   *time.Location
}

type event struct {
	uid        string
	recurrence string // RECURRENCE-ID in UTC
	sequence   int64
	start, end time.Time
	day        bool // whole days
	days       int
	free       bool // transparent or cancelled
	bad        bool
	summary    string
	rule       string
	more       []time.Time // RDATE
	except     map[int64]bool
}

func (e event) repeats() bool { return e.rule != "" || len(e.more) > 0 }

// property is one unfolded line.
type property struct {
	name   string
	params map[string]string
	value  string
}

// lines unfolds a calendar into its lines.
func lines(text string) []string {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" {
			continue
		}
		if (line[0] == ' ' || line[0] == '\t') && len(out) > 0 {
			out[len(out)-1] += line[1:]
			continue
		}
		out = append(out, line)
	}
	return out
}

// propertyOf reads a line; a colon inside quotes belongs to a parameter.
func propertyOf(line string) property {
	quoted := false
	for i := range len(line) {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ':' && !quoted:
			p := property{value: line[i+1:], params: map[string]string{}}
			parts := strings.Split(line[:i], ";")
			p.name = strings.ToUpper(parts[0])
			for _, part := range parts[1:] {
				k, v, _ := strings.Cut(part, "=")
				p.params[strings.ToUpper(k)] = strings.Trim(v, `"`)
			}
			return p
		}
	}
	return property{name: strings.ToUpper(line)}
}

// parse reads the parts of a calendar: first its zones, then its events.
func parse(text string, zone *time.Location) (calendar, error) {
	c := calendar{zones: map[string]*time.Location{}, zone: zone}
	all := lines(text)
	if len(all) == 0 || !strings.EqualFold(strings.TrimSpace(all[0]), "BEGIN:VCALENDAR") {
		return c, ErrNoCalendar
	}
	c.readZones(all)
	var inside []string
	var props []property
	for _, line := range all {
		p := propertyOf(line)
		switch p.name {
		case "BEGIN":
			inside = append(inside, strings.ToUpper(p.value))
			if inside[len(inside)-1] == "VEVENT" {
				props = nil
			}
			continue
		case "END":
			if len(inside) > 0 && inside[len(inside)-1] == "VEVENT" {
				c.events = append(c.events, c.eventOf(props))
				if len(c.events) > maxEvents {
					return c, ErrTooLarge
				}
			}
			inside = inside[:max(len(inside)-1, 0)]
			continue
		case "X-WR-TIMEZONE":
			if at, err := time.LoadLocation(p.value); err == nil && p.value != "" && p.value != "Local" {
				c.zone = at
			}
		}
		if len(inside) > 0 && inside[len(inside)-1] == "VEVENT" {
			props = append(props, p)
		}
	}
	return c, nil
}

// readZones reads of each VTIMEZONE the offset of its standard time.
func (c *calendar) readZones(all []string) {
	id, standard, in := "", false, false
	for _, line := range all {
		p := propertyOf(line)
		value := strings.ToUpper(p.value)
		switch {
		case p.name == "BEGIN" && value == "VTIMEZONE":
			id, in = "", true
		case p.name == "END" && value == "VTIMEZONE":
			in = false
		case p.name == "BEGIN" && in:
			standard = value == "STANDARD"
		case p.name == "TZID" && in:
			id = p.value
		case p.name == "TZOFFSETTO" && in && standard:
			if seconds, ok := offset(p.value); ok {
				c.zones[id] = time.FixedZone(id, seconds)
			}
		}
	}
}

// offset reads +0800 as seconds.
func offset(s string) (int, bool) {
	if len(s) < 5 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, err1 := strconv.Atoi(s[1:3])
	m, err2 := strconv.Atoi(s[3:5])
	if err1 != nil || err2 != nil || h < 0 || h > 14 || m < 0 || m > 59 {
		return 0, false
	}
	seconds := h*3600 + m*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// windows are zones as a widespread office program names them.
func windows(id string) string {
	switch id {
	case "China Standard Time":
		return "Asia/Shanghai"
	case "Taipei Standard Time":
		return "Asia/Taipei"
	case "Tokyo Standard Time":
		return "Asia/Tokyo"
	case "W. Europe Standard Time":
		return "Europe/Berlin"
	case "GMT Standard Time":
		return "Europe/London"
	case "Eastern Standard Time":
		return "America/New_York"
	case "Pacific Standard Time":
		return "America/Los_Angeles"
	}
	return id
}

// zoneOf is the zone of a property.
func (c *calendar) zoneOf(id string) (*time.Location, bool) {
	if id == "" {
		return c.zone, true
	}
	if id = strings.TrimPrefix(id, "/"); id != "Local" {
		if at, err := time.LoadLocation(windows(id)); err == nil {
			return at, true
		}
	}
	at, ok := c.zones[id]
	return at, ok
}

// instant reads a time or a day; day tells which.
func (c *calendar) instant(p property) (at time.Time, day, ok bool) {
	zone, known := c.zoneOf(p.params["TZID"])
	value := strings.TrimSpace(p.value)
	if !known {
		return at, false, false
	}
	switch {
	case len(value) == 8:
		at, err := time.ParseInLocation("20060102", value, zone)
		return at, true, err == nil
	case strings.HasSuffix(value, "Z"):
		at, err := time.Parse(stamp, value)
		return at, false, err == nil
	}
	at, err := time.ParseInLocation("20060102T150405", value, zone)
	return at, false, err == nil
}

// instants reads a list of times.
func (c *calendar) instants(p property) (out []time.Time, ok bool) {
	for value := range strings.SplitSeq(p.value, ",") {
		value, _, _ = strings.Cut(value, "/") // of a period the start
		at, _, ok := c.instant(property{params: p.params, value: value})
		if !ok || len(out) > maxOccurrences {
			return nil, false
		}
		out = append(out, at)
	}
	return out, true
}

// eventOf reads an event of its properties.
func (c *calendar) eventOf(props []property) event {
	e := event{except: map[int64]bool{}}
	var length time.Duration
	ends := false
	for _, p := range props {
		ok := true
		switch p.name {
		case "UID":
			e.uid = plain(p.value)
		case "SEQUENCE":
			e.sequence, _ = strconv.ParseInt(strings.TrimSpace(p.value), 10, 64)
		case "SUMMARY":
			e.summary = plain(p.value)
		case "STATUS":
			e.free = e.free || strings.EqualFold(p.value, "CANCELLED")
		case "TRANSP":
			e.free = e.free || strings.EqualFold(p.value, "TRANSPARENT")
		case "DTSTART":
			e.start, e.day, ok = c.instant(p)
		case "DTEND":
			e.end, _, ok = c.instant(p)
			ends = true
		case "DURATION":
			length, ok = duration(p.value)
		case "RRULE":
			e.rule = strings.ToUpper(p.value)
		case "RDATE":
			var more []time.Time
			more, ok = c.instants(p)
			e.more = append(e.more, more...)
		case "EXDATE":
			var not []time.Time
			not, ok = c.instants(p)
			for _, at := range not {
				e.except[at.Unix()] = true
			}
		case "RECURRENCE-ID":
			var at time.Time
			at, _, ok = c.instant(p)
			e.recurrence = at.UTC().Format(stamp)
		}
		e.bad = e.bad || !ok
	}
	switch {
	case e.uid == "" || e.start.IsZero() || len(e.uid) > 1000:
		e.bad = true
	case !ends && length > 0:
		e.end = e.start.Add(length)
	case !ends && e.day:
		e.end = e.start.AddDate(0, 0, 1)
	}
	if e.day {
		e.days = int((e.end.Sub(e.start) + 12*time.Hour) / (24 * time.Hour))
	}
	return e
}

// duration reads P1DT2H30M and the like.
func duration(s string) (time.Duration, bool) {
	s, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(s)), "P")
	if !ok || s == "" {
		return 0, false
	}
	var out time.Duration
	n, digits := int64(0), 0
	for _, r := range s {
		unit := map[rune]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}[r]
		switch {
		case r == 'T' && digits == 0:
		case r >= '0' && r <= '9' && digits < 6:
			n, digits = n*10+int64(r-'0'), digits+1
		case unit > 0 && digits > 0:
			out += time.Duration(n) * unit
			n, digits = 0, 0
		default:
			return 0, false
		}
		if out > 400*24*time.Hour {
			return 0, false
		}
	}
	return out, digits == 0
}

// plain takes the escapes out of a text.
func plain(s string) string {
	return clean(strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, " ", `\N`, " ").Replace(s))
}
