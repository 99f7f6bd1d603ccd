package catalogue

import (
	"net/url"
	"testing"

	"qiao/internal/platform/fault"
)

// Whatever stands in an address: the query is asked or the reader is told what is wrong with it.
func FuzzQueryOf(f *testing.F) {
	for _, s := range []string{"q=SEM&kind=instrument", "price=200-500&price=free&price_from=1&price_to=9.5", "region=330402&near=330400&sort=distance", "cursor=x&limit=9", "price=-&free_on=2026-13-99"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		values, err := url.ParseQuery(address)
		if err != nil {
			return
		}
		req, err := (&Service{}).request(queryOf(values))
		if err != nil && fault.Of(err) == nil {
			t.Fatalf("%q: no sentence for the reader: %v", address, err)
		}
		for column, wanted := range req.Filters {
			if len(wanted) == 0 {
				t.Fatalf("%q: %s is wanted without a value", address, column)
			}
		}
	})
}
