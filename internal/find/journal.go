package find

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Entry is what is known of one text in one epoch.
type Entry struct {
	Epoch    string `db:"epoch"`
	Text     string `db:"text"` // '' = all that is rare
	Day      string `db:"day"`
	Asked    int64  `db:"asked"`
	Sessions int64  `db:"sessions"`
	Nothing  int64  `db:"blank"`
	Total    int64  `db:"total"`
	Opened   int64  `db:"opened"`
	Places   int64  `db:"places"`
}

// Bounds of what is held in memory.
const (
	mostTexts  = 20_000           // of one epoch; more are counted as rare
	mostMarks  = 20_000           // results that can still be opened
	markAge    = 30 * time.Minute // a link used later, or by somebody it was sent to, counts nothing
	refineAge  = 5 * time.Minute  // a second search so soon after a first one refines it
	longestAsk = 60               // characters of a text that are looked at
)

// journal notes searches in memory; Flush writes down what may be written down.
type journal struct {
	clock clock.Clock

	mu     sync.Mutex
	week   string
	epoch  string
	key    []byte // of the marks of sessions; never leaves the memory
	texts  map[string]*noted
	marks  map[string]shown
	last   map[string]step               // the last search of a session
	pairs  map[[2]string]map[string]bool // refined to what was then opened: by which sessions
	counts map[[3]string]int64           // day, what, name
	seen   map[[2]string]time.Time       // person, resource
}

type noted struct {
	Entry
	by map[string]bool
}

type shown struct {
	text   string
	at     time.Time
	opened map[string]bool
}

type step struct {
	text, before string
	at           time.Time
	opened       bool
}

func newJournal(c clock.Clock) *journal {
	j := &journal{clock: c, counts: map[[3]string]int64{}, seen: map[[2]string]time.Time{}}
	return j
}

// turn begins a new epoch when the week has changed. The caller holds the lock.
func (j *journal) turn(now time.Time) {
	year, n := clock.Local(now).ISOWeek()
	week := fmt.Sprintf("%04d-W%02d", year, n)
	if week == j.week {
		return
	}
	fresh := make([]byte, 40)
	_, _ = rand.Read(fresh) // never fails (crypto/rand since Go 1.24)
	j.week, j.epoch, j.key = week, week+"-"+hex.EncodeToString(fresh[:4]), fresh[8:]
	j.texts, j.marks, j.last, j.pairs = map[string]*noted{}, map[string]shown{}, map[string]step{}, map[[2]string]map[string]bool{}
}

// session is a mark of who asks; without the key nobody can tell whose it is.
func (j *journal) session(visitor string) string {
	m := hmac.New(sha256.New, j.key)
	m.Write([]byte(visitor))
	return hex.EncodeToString(m.Sum(nil)[:8])
}

var (
	longNumber = regexp.MustCompile(`[0-9]{7,}`)
	mail       = regexp.MustCompile(`\S+@\S+`)
)

// normal folds a text and takes out what may be somebody's: addresses, long numbers. What is normal stays as it is.
func normal(text string) string {
	for range 8 { // cutting and taking out may leave something to fold again
		next := strings.ToLower(kinds.Fold(text))
		next = strings.Join(strings.Fields(longNumber.ReplaceAllString(mail.ReplaceAllString(next, " "), " ")), " ")
		if r := []rune(next); len(r) > longestAsk {
			next = strings.TrimSpace(string(r[:longestAsk]))
		}
		if next == text {
			return text
		}
		text = next
	}
	return "" // never seen: what does not settle is not kept
}

// Asked implements catalogue.Watch.
func (s *Service) Asked(_ context.Context, a catalogue.Asked) string {
	j := s.journal
	now := j.clock.Now()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.turn(now)
	day := clock.Day(now)
	for _, f := range a.Facets {
		j.counts[[3]string{day, "facet", f}]++
	}
	text := normal(a.Text)
	if text == "" {
		return ""
	}
	by := j.session(a.Visitor)
	n := j.texts[text]
	if n == nil {
		if len(j.texts) >= mostTexts {
			return ""
		}
		n = &noted{by: map[string]bool{}}
		n.Entry.Epoch, n.Text = j.epoch, text
		j.texts[text] = n
	}
	n.Asked++
	n.by[by] = true
	n.Day, n.Total = day, int64(a.Total)
	if a.Total == 0 {
		n.Nothing++
	}
	before := ""
	if l, ok := j.last[by]; ok && !l.opened && l.text != text && now.Sub(l.at) < refineAge {
		before = l.text
	}
	if len(j.last) < mostMarks {
		j.last[by] = step{text: text, before: before, at: now}
	}
	return j.mark(text, now)
}

// mark is what the links of one result carry. The caller holds the lock.
func (j *journal) mark(text string, now time.Time) string {
	if len(j.marks) >= mostMarks {
		maps.DeleteFunc(j.marks, func(_ string, m shown) bool { return now.Sub(m.at) > markAge })
		if len(j.marks) >= mostMarks {
			return ""
		}
	}
	fresh := make([]byte, 5)
	_, _ = rand.Read(fresh)
	mark := hex.EncodeToString(fresh)
	j.marks[mark] = shown{text, now, map[string]bool{}}
	return mark
}

// Opened implements catalogue.Watch.
func (s *Service) Opened(ctx context.Context, visitor string, r catalogue.Resource, from string) {
	j := s.journal
	now := j.clock.Now()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.turn(now)
	if sub := identity.SubjectOf(ctx); sub.SignedIn() {
		j.seen[[2]string{sub.Person, r.ID}] = now
	}
	mark, at, _ := strings.Cut(from, ".")
	place, err := strconv.ParseInt(at, 10, 64)
	m, ok := j.marks[mark]
	if err != nil || !ok || place < 1 || place > 100 || m.opened[r.ID] || now.Sub(m.at) > markAge {
		return
	}
	m.opened[r.ID] = true
	j.counts[[3]string{clock.Day(now), "place", fmt.Sprintf("%03d", place)}]++
	if n := j.texts[m.text]; n != nil {
		n.Opened, n.Places = n.Opened+1, n.Places+place
	}
	by := j.session(visitor)
	l, ok := j.last[by]
	if !ok || l.text != m.text {
		return
	}
	l.opened = true
	j.last[by] = l
	if pair := [2]string{l.before, l.text}; l.before != "" && len(j.pairs) < mostTexts {
		if j.pairs[pair] == nil {
			j.pairs[pair] = map[string]bool{}
		}
		j.pairs[pair][by] = true
	}
}

// forget drops what is not yet written of a person.
func (j *journal) forget(person string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	maps.DeleteFunc(j.seen, func(k [2]string, _ time.Time) bool { return k[0] == person })
}

// page is what a flush writes.
type page struct {
	entries []Entry
	counts  map[[3]string]int64
	seen    map[[2]string]time.Time
	pairs   [][2]string
}

// take hands over what may be written: texts enough sessions typed, the others summed up as rare.
func (j *journal) take(least int64) page {
	j.mu.Lock()
	defer j.mu.Unlock()
	p := page{counts: j.counts, seen: j.seen}
	j.counts, j.seen = map[[3]string]int64{}, map[[2]string]time.Time{}
	rare := Entry{Epoch: j.epoch}
	for _, n := range j.texts {
		if n.Sessions = int64(len(n.by)); n.Sessions >= least {
			p.entries = append(p.entries, n.Entry)
			continue
		}
		rare.Asked, rare.Nothing, rare.Opened, rare.Places = rare.Asked+n.Asked, rare.Nothing+n.Nothing, rare.Opened+n.Opened, rare.Places+n.Places
		rare.Day = max(rare.Day, n.Day)
	}
	if rare.Asked > 0 {
		p.entries = append(p.entries, rare)
	}
	for pair, by := range j.pairs {
		if int64(len(by)) >= least {
			p.pairs = append(p.pairs, pair)
		}
	}
	slices.SortFunc(p.pairs, func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) })
	return p
}

// Flush writes down the journal, proposes what it taught, and forgets what is older than its term. What is lost when the
// process dies before it is some seconds of evidence.
func (s *Service) Flush(ctx context.Context) error {
	day := s.today()
	terms := map[string]Term{}
	for _, name := range []string{"least-sessions", "log-days", "seen-days"} {
		term, err := termOn(ctx, s.DB, name, day)
		if err != nil {
			return err
		}
		terms[name] = term
	}
	p := s.journal.take(terms["least-sessions"].Value)
	logDay, err := clock.AddDays(day, -int(terms["log-days"].Value))
	if err != nil {
		return fmt.Errorf("the first day of the log: %w", err)
	}
	seenAt := db.Stamp(s.Clock.Now().AddDate(0, 0, -int(terms["seen-days"].Value)))
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, e := range p.entries {
			if err := putQuery(ctx, tx, e); err != nil {
				return err
			}
		}
		for k, n := range p.counts {
			if err := addCount(ctx, tx, k[0], k[1], k[2], n); err != nil {
				return err
			}
		}
		for k, at := range p.seen {
			if err := putSeen(ctx, tx, Seen{k[0], k[1], db.At(at)}); err != nil {
				return err
			}
		}
		for _, pair := range p.pairs {
			if err := s.learn(ctx, tx, pair); err != nil {
				return err
			}
		}
		return prune(ctx, tx, logDay, seenAt)
	})
}
