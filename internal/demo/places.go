package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strings"

	"qiao/data"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/policy"
)

// regions loads every province, city and county that is in force. Development zones have no code in
// GB/T 2260 and stay out.
func (l loader) regions(ctx context.Context) error {
	rows, err := data.Regions()
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(r data.Region) bool { return !r.Current || r.Level == data.Zone })
	if tree, err := l.Identity.Tree(ctx, l.DB); err != nil || tree.Len() >= len(rows) {
		return err
	}
	l.tell("regions", 0, len(rows))
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	cells := [][]string{{"code", "parent", "name_zh", "name_en"}}
	for _, r := range rows {
		cells = append(cells, []string{r.Code, r.Parent, r.NameZH, r.NameEN})
	}
	if err := w.WriteAll(cells); err != nil {
		return err
	}
	_, err = l.Identity.LoadRegions(ctx, &b, "GB/T 2260")
	l.tell("regions", len(rows), len(rows))
	return err
}

// batch is how many records one transaction writes.
const batch = 300

// institutions loads the active institutions of the country as unclaimed organisations, those of the
// Delta first. One whose region is not certain is left out: it could not be found where it is.
func (l loader) institutions(ctx context.Context) error {
	rows, err := data.Institutions()
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(i data.Institution) bool { return i.Status != "active" || i.Region == "" })
	slices.SortStableFunc(rows, func(a, b data.Institution) int { return rank(a) - rank(b) })
	done := 0
	for part := range slices.Chunk(rows, batch) {
		err := l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for _, i := range part {
				if _, _, err := l.Identity.PutUnclaimed(ctx, tx, unclaimed(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		done += len(part)
		l.tell("institutions", done, len(rows))
	}
	return nil
}

func rank(i data.Institution) int {
	if i.Delta {
		return 0
	}
	return 1
}

// unclaimed is a ROR record as an organisation.
func unclaimed(i data.Institution) identity.Organisation {
	return identity.Organisation{
		NameZH: i.NameZH, NameEN: i.NameEN, Region: i.Region, Kind: kind(i.Types), Website: i.Website, ROR: i.ROR, Lat: i.Lat, Lng: i.Lng,
		Source: "ROR", SourceID: i.ROR, Licence: "CC0-1.0", RetrievedOn: data.Retrieved,
	}
}

// kind is the legal form that a ROR type comes nearest to; the first that says more than "funder" holds.
func kind(types string) string {
	kinds := map[string]string{
		"education": "university", "facility": "institute", "company": "company", "healthcare": "hospital",
		"government": "government", "nonprofit": "association", "archive": "public",
	}
	for t := range strings.SplitSeq(types, "|") {
		if k, ok := kinds[t]; ok {
			return k
		}
	}
	return "other"
}

// calls loads the calls for proposals.
func (l loader) calls(ctx context.Context) error {
	rows, err := data.Calls()
	if err != nil {
		return err
	}
	records := make([]policy.Record, len(rows))
	for i, c := range rows {
		records[i] = policy.Record{
			Source: "Tsai1993/Fund", SourceID: serial(c.Serial), Licence: "MPL-2.0", RetrievedOn: data.Retrieved,
			Title: c.Title, Agency: c.Source, Published: c.Published, Deadline: c.Deadline,
		}
	}
	if err := l.Policy.PutCalls(ctx, records, func(done int) { l.tell("calls", done, len(records)) }); err != nil {
		return err
	}
	l.tell("calls", len(records), len(records)) // those that stand twice are one
	return nil
}
