package roster

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks that each entry that counts means an organisation that is there, and that its last day follows from
// its list's rules where it says so.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	lists, err := listLists(ctx, q, &db.Where{})
	if err != nil {
		return nil, err
	}
	for _, l := range lists {
		if l, err = getList(ctx, q, l.ID); err != nil {
			return nil, err
		}
		var w db.Where
		w.And("list = ?", l.ID)
		entries, err := listEntries(ctx, q, &w, 0)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, e := range entries {
			ids = append(ids, e.Org)
			if end, err := Ends(l.Rules, e.From); e.Derived && (err != nil || end != e.To) {
				out = append(out, verify.Finding{Code: "roster.validity", Object: e.ID, Text: fmt.Sprintf("ends %s, the rule says %s", e.To, end)})
			}
		}
		orgs, err := s.orgs.Organisations(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if _, there := orgs[e.Org]; e.State == StateMatched && !there {
				out = append(out, verify.Finding{Code: "roster.organisation", Object: e.ID, Text: "means an organisation that is not there: " + e.Org})
			}
		}
	}
	return out, nil
}
