package facts

import (
	"context"

	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks that each value is of its fact's type, that of an identity number nothing but a digest is there, and that
// each word of an officer is about an entry of the same fact, by somebody of another organisation.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	entries, err := listEntries(ctx, q, &db.Where{})
	if err != nil {
		return nil, err
	}
	keys := dated.On(s.keys, s.today())
	byID := make(map[string]Entry, len(entries))
	for _, e := range entries {
		byID[e.ID] = e
	}
	var out []verify.Finding
	bad := func(code, object, text string) {
		out = append(out, verify.Finding{Code: code, Object: object, Text: text})
	}
	for _, e := range entries {
		key, known := keys.Key(e.Key)
		if !known {
			bad("facts.key", e.ID, "there is no fact "+e.Key)
			continue
		}
		if !key.holds(e.Value) || (key.Per == perYear) != (e.Year != "") {
			bad("facts.value", e.ID, "not a value of "+e.Key)
		}
		if of := byID[e.Confirms]; e.Source == Verified && (of.Org != e.Org || of.Key != e.Key || of.Year != e.Year || e.ByOrg == e.Org) {
			bad("facts.confirms", e.ID, "confirms nothing of the same fact")
		}
	}
	return out, nil
}

// holds tells whether a value is one that Read makes.
func (k Key) holds(value string) bool {
	switch {
	case value == "":
		return true
	case k.Type == typeSecret:
		return len(value) == 64
	case k.Type == typeHolders:
		return value == formatHolders(readHolders(value))
	}
	again, bad := k.Read(k.Typed(value), nil)
	return bad == nil && again == value
}
