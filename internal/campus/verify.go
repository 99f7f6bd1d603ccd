package campus

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks that their times and the calendars agree, and that bookings have what was asked for there.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	last := ""
	for {
		list, err := db.All[Busy](ctx, q, `SELECT `+busyColumns+` FROM campus_busy WHERE holder > $1 ORDER BY holder LIMIT 500`, last)
		if err != nil {
			return nil, fmt.Errorf("verify their times: %w", err)
		}
		if len(list) == 0 {
			break
		}
		ids := make([]string, len(list))
		for i, b := range list {
			ids[i], last = b.Holder, b.Holder
		}
		kept, err := s.Calendars.Of(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, b := range list {
			k := kept[b.Holder]
			if k.Active != (b.State == Held) || k.Active && (!k.Start.Equal(b.Start.Time) || !k.End.Equal(b.End.Time) || k.Resource != b.Resource) {
				out = append(out, verify.Finding{Code: "campus.busy", Object: b.Holder, Text: "a time of another system and the calendar disagree: " + b.State})
			}
		}
	}
	more, err := s.verifyClaims(ctx, q)
	return append(out, more...), err
}

// verifyClaims checks that what is reserved there for a booking is booked here, at the same time.
func (s *Service) verifyClaims(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	last := ""
	for {
		list, err := db.All[Claim](ctx, q, `SELECT `+claimColumns+` FROM campus_claim WHERE state IN ('used', 'owed') AND key > $1 ORDER BY key LIMIT 500`, last)
		if err != nil {
			return nil, fmt.Errorf("verify the claims: %w", err)
		}
		if len(list) == 0 {
			return out, nil
		}
		ids := make([]string, len(list))
		for i, c := range list {
			ids[i], last = c.Holder, c.Key
		}
		kept, err := s.Calendars.Of(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if k := kept[c.Holder]; !k.Active || !k.Start.Equal(c.Start.Time) || !k.End.Equal(c.End.Time) {
				out = append(out, verify.Finding{Code: "campus.claim", Object: c.Key, Text: "reserved in another system, but not booked here: " + c.Holder})
			}
		}
	}
}
