package exchange

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// second is how datestamps are written: UTC to the second, so that text order is time order.
const second = "2006-01-02T15:04:05Z"

func secondOf(t time.Time) string { return t.UTC().Format(second) }

// batch is how many changes the list follows in one transaction.
const batch = 500

// clockRow is exchange_clock.
type clockRow struct {
	Seen     string `db:"seen"`
	Position int64  `db:"position"`
	Secret   string `db:"secret"`
}

// clockOf reads the clock; on the first call it makes it.
func (s *Service) clockOf(ctx context.Context) (clockRow, error) {
	row, err := getClock(ctx, s.DB)
	if !errors.Is(err, db.ErrNone) {
		return row, err
	}
	return row, errors.Join(s.start(ctx), func() error { row, err = getClock(ctx, s.DB); return err }())
}

// start makes the clock and puts every resource that stands now on the list: events from before may be gone. The
// position is read first, so that nothing that happens meanwhile is missed.
func (s *Service) start(ctx context.Context) error {
	at, err := outbox.Position(ctx, s.DB)
	if err != nil {
		return err
	}
	now := secondOf(s.Clock.Now())
	for after := ""; ; {
		list, err := s.Catalogue.Stands(ctx, s.DB, after, batch)
		if err != nil || len(list) == 0 {
			if err != nil {
				return err
			}
			break
		}
		after = list[len(list)-1].ID
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.put(ctx, tx, list, now) })
		if err != nil {
			return err
		}
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return fmt.Errorf("make the key of resumption tokens: %w", err)
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return insertClock(ctx, tx, clockRow{Seen: now, Position: at, Secret: hex.EncodeToString(key)})
	})
}

// mark tells the clock that a list is answered now, before the list is read: what is written later gets no
// earlier stamp. It writes at most once a second.
func (s *Service) mark(ctx context.Context) (answered time.Time, secret string, err error) {
	now := s.Clock.Now().UTC().Truncate(time.Second)
	row, err := s.clockOf(ctx)
	if err != nil || row.Seen >= secondOf(now) {
		return now, row.Secret, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := moveClock(ctx, tx, secondOf(now))
		return err
	})
	return now, row.Secret, err
}

// Follow brings the list of changes up to the change feed.
func (s *Service) Follow(ctx context.Context) error {
	for {
		row, err := s.clockOf(ctx)
		if err != nil {
			return err
		}
		newest, err := outbox.Position(ctx, s.DB)
		if err != nil || newest == row.Position {
			return err
		}
		changes, err := outbox.After(ctx, s.DB, row.Position, batch, catalogue.ResourceChanged{}.EventName(), identity.Changed{}.EventName())
		if err != nil {
			return fmt.Errorf("read the change feed: %w", err)
		}
		to := newest
		if len(changes) > 0 {
			to = changes[len(changes)-1].Seq
		}
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			mine, err := advanceClock(ctx, tx, row.Position, to)
			if err != nil || !mine { // another process follows too
				return err
			}
			return s.stamp(ctx, tx, changes)
		})
		if err != nil {
			return fmt.Errorf("follow the change feed: %w", err)
		}
	}
}

// stamp writes what changed to the list. The clock's row is locked by advanceClock.
func (s *Service) stamp(ctx context.Context, tx *db.Tx, changes []outbox.Raw) error {
	if len(changes) == 0 {
		return nil
	}
	stamp, err := moveClock(ctx, tx, secondOf(s.Clock.Now()))
	if err != nil {
		return err
	}
	newest := map[string]catalogue.ResourceChanged{}
	var order []string
	for _, c := range changes {
		if c.Name == (identity.Changed{}).EventName() {
			var e identity.Changed
			if err := json.Unmarshal([]byte(c.Body), &e); err != nil {
				return fmt.Errorf("read change %d: %w", c.Seq, err)
			}
			if err := touchOwner(ctx, tx, e.Org, stamp); err != nil {
				return err
			}
			continue
		}
		var e catalogue.ResourceChanged
		if err := json.Unmarshal([]byte(c.Body), &e); err != nil {
			return fmt.Errorf("read change %d: %w", c.Seq, err)
		}
		if _, seen := newest[e.ID]; !seen {
			order = append(order, e.ID)
		}
		newest[e.ID] = e
	}
	list := make([]catalogue.Stand, 0, len(order))
	for _, x := range order {
		e := newest[x]
		list = append(list, catalogue.Stand{ID: e.ID, Kind: e.Kind, Owner: e.Owner, Region: e.Region, Status: e.Status})
	}
	return s.put(ctx, tx, list, stamp)
}

// put writes where records stand to the list; one that must not be passed on is told as gone.
func (s *Service) put(ctx context.Context, tx *db.Tx, list []catalogue.Stand, stamp string) error {
	list, err := s.withhold(ctx, tx, list)
	if err != nil {
		return err
	}
	return putRecords(ctx, tx, list, stamp)
}

// withhold makes those that must not be passed on look withdrawn.
func (s *Service) withhold(ctx context.Context, q db.Q, list []catalogue.Stand) ([]catalogue.Stand, error) {
	if s.Withheld == nil {
		return list, nil
	}
	withheld, err := s.Withheld(ctx, q, list)
	if err != nil {
		return nil, fmt.Errorf("ask what must not be passed on: %w", err)
	}
	for i := range list {
		if withheld[list[i].ID] && list[i].Status != catalogue.StatusDraft {
			list[i].Status = catalogue.StatusWithdrawn
		}
	}
	return list, nil
}
