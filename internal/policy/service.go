package policy

import (
	"context"
	"errors"
	"slices"
	"strings"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/verify"
)

// Service is the module.
type Service struct {
	db      *db.DB
	clock   clock.Clock
	rosters Rosters
	asked   []Asked
}

// New builds the module; an error when its dated data cannot be read.
func New(d Deps) (*Service, error) {
	asked, err := readAsked()
	if err != nil {
		return nil, err
	}
	return &Service{db: d.DB, clock: d.Clock, rosters: d.Rosters, asked: asked}, nil
}

func (s *Service) today() string { return clock.Day(s.clock.Now()) }

// batch is how many calls one statement writes.
const batch = 400

// PutCalls takes public records in, all or none; records that are there are brought up to the source, and of
// two records with one number the later holds. progress, which may be nil, is told how many are done.
func (s *Service) PutCalls(ctx context.Context, records []Record, progress func(done int)) error {
	calls, place := make([]Call, 0, len(records)), map[string]int{}
	for _, r := range records {
		c := NewCall(r)
		if at, twice := place[c.ID]; twice {
			calls[at] = c
			continue
		}
		place[c.ID] = len(calls)
		calls = append(calls, c)
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		done := 0
		for part := range slices.Chunk(calls, batch) {
			if err := upsertCalls(ctx, tx, part); err != nil {
				return err
			}
			if done += len(part); progress != nil {
				progress(done)
			}
		}
		return nil
	})
}

// Query asks for calls.
type Query struct {
	Text  string // words, all of which must occur in the title or the agency
	State string // Open, Closed, Unknown or empty
	Limit int    // 1…100; otherwise 20
	After string // Next of the page before
}

// Page is a part of the list.
type Page struct {
	Items []Call
	Total int64
	Next  string // for the page after this; empty on the last one
}

// Calls answers a query, newest first.
func (s *Service) Calls(ctx context.Context, q Query) (Page, error) {
	if q.State != "" && !slices.Contains(States(), q.State) {
		return Page{}, fault.New(fault.BadRequest, "state-unknown", "没有“{0}”这种状态，可选：open（申报中）、closed（已截止）、unknown（日期不明）。", q.State)
	}
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = 20
	}
	afterDay, afterID, ok := strings.Cut(q.After, "/")
	if q.After != "" && !ok {
		return Page{}, fault.New(fault.BadRequest, "cursor-unreadable", "翻页位置无法识别，请从第一页重新开始。")
	}
	w := where(words(q.Text), q.State, s.today())
	total, err := countCalls(ctx, s.db, w)
	if err != nil {
		return Page{}, err
	}
	items, err := listCalls(ctx, s.db, w, afterDay, afterID, q.Limit+1)
	if err != nil {
		return Page{}, err
	}
	p := Page{Items: items, Total: total}
	if len(items) > q.Limit {
		p.Items = items[:q.Limit]
		last := p.Items[q.Limit-1]
		p.Next = last.Published + "/" + last.ID
	}
	return p, nil
}

// Call is one call; a fault NotFound when there is none.
func (s *Service) Call(ctx context.Context, id string) (Call, error) {
	c, err := getCall(ctx, s.db, id)
	if errors.Is(err, db.ErrNone) {
		return Call{}, fault.New(fault.NotFound, "call-not-found", "没有找到这条申报通知。")
	}
	return c, err
}

// Verify checks the module's invariants: there are none beyond those of the table.
func (s *Service) Verify(context.Context, db.Q) ([]verify.Finding, error) { return nil, nil }
