package demo

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"qiao/data"
	"qiao/internal/demo/synthetic"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Size is how much Seed makes.
type Size struct {
	Name          string
	Institutions  int
	Instruments   int
	Services      int
	Experts       int
	Bases         int
	Professionals int
	Nation        bool // in every city of the country, not only of the Delta
}

// ParseScale reads a scale: "delta" and "nation" are the sizes to build for (40,000 and 400,000 instruments,
// five times as many services and experts each, the bases of national level, and one professional service an institution, of
// which no figure is known), a number is so many instruments with the rest in proportion.
func ParseScale(scale string) (Size, error) {
	switch scale {
	case "delta":
		return Size{Name: scale, Institutions: 2_400, Instruments: 40_000, Services: 200_000, Experts: 200_000, Bases: 300, Professionals: 2_400}, nil
	case "nation":
		return Size{Name: scale, Institutions: 24_000, Instruments: 400_000, Services: 2_000_000, Experts: 2_000_000, Bases: 3_000, Professionals: 24_000, Nation: true}, nil
	}
	n, err := strconv.Atoi(scale)
	if err != nil || n < 1 || n > 1_000_000 {
		return Size{}, fault.New(fault.BadRequest, "scale-unknown", "规模只能是 delta、nation 或 1 到 1000000 之间的仪器台数，不能是“{0}”。", scale)
	}
	return Size{Name: scale, Institutions: max(1, n*6/100), Instruments: n, Services: 5 * n, Experts: 5 * n, Bases: max(1, n*3/400), Professionals: max(1, n*6/100)}, nil
}

// Seed fills the catalogue with synthetic institutions, instruments, services, experts, bases and professional services
// through the catalogue's own intake. The same scale and seed make the same records, and making them twice changes
// nothing. All of them begin with 合成· and are marked as samples. The regions must be loaded.
func Seed(ctx context.Context, d Deps, scale string, seed int64, progress Progress) error {
	size, err := ParseScale(scale)
	if err != nil {
		return err
	}
	if progress == nil {
		progress = func(string, int, int) {}
	}
	cities, err := cities(size.Nation)
	if err != nil {
		return err
	}
	l := loader{Deps: d, tell: progress}
	ctx = audit.WithActor(ctx, audit.System("seed"))
	orgs, err := l.seedInstitutions(ctx, size, seed, cities)
	if err != nil {
		return fmt.Errorf("seed institutions: %w", err)
	}
	words, err := synthetic.New()
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	for i, org := range orgs {
		g := generator{Writer: words.Writer(seed, uint64(i)+1), n: i}
		parts := []part{
			{"instrument", g.instruments(share(size.Instruments, len(orgs), i))}, {"service", g.services(share(size.Services, len(orgs), i))}, {"expert", g.experts(share(size.Experts, len(orgs), i))},
			{"base", g.bases(share(size.Bases, len(orgs), i))}, {"professional", g.professionals(share(size.Professionals, len(orgs), i))},
		}
		if err := l.seedRecords(ctx, org, parts); err != nil {
			return fmt.Errorf("seed institution %d: %w", i, err)
		}
		progress("synthetic resources", i+1, len(orgs))
	}
	return nil
}

// share is the i-th of n nearly equal parts of total.
func share(total, n, i int) int { return total*(i+1)/n - total*i/n }

// cities are the codes of all cities, or of the Delta's, the four municipalities among them.
func cities(nation bool) ([]string, error) {
	rows, err := data.Regions()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range rows {
		city := r.Level == data.City || slices.Contains([]string{"110000", "120000", "310000", "500000"}, r.Code)
		if r.Current && city && (nation || r.Code >= "310000" && r.Code < "350000") {
			out = append(out, r.Code)
		}
	}
	return out, nil
}

func (l loader) seedInstitutions(ctx context.Context, size Size, seed int64, cities []string) ([]string, error) {
	orgs := make([]string, 0, size.Institutions)
	for start := 0; start < size.Institutions; start += batch {
		end := min(start+batch, size.Institutions)
		var made []string
		err := l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			made = made[:0]
			for i := start; i < end; i++ {
				org, _, err := l.Identity.PutUnclaimed(ctx, tx, identity.Organisation{
					NameZH: fmt.Sprintf("合成·第 %d 研究院", i+1), NameEN: fmt.Sprintf("Synthetic: Institute %d", i+1), //i18n:data names of synthetic records
					Region: cities[i%len(cities)], Kind: "institute", Sample: true,
					Source: "synthetic", SourceID: fmt.Sprintf("%s/%d/%d", size.Name, seed, i+1), Licence: "CC0-1.0",
				})
				if err != nil {
					return err
				}
				made = append(made, org)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		orgs = append(orgs, made...)
		l.tell("synthetic institutions", len(orgs), size.Institutions)
	}
	return orgs, nil
}
