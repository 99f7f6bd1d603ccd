package demo

import (
	"context"
	"fmt"

	"qiao/internal/platform/audit"
	"qiao/internal/policy"
)

// Reference puts in what every node needs before anybody comes, demo or not: the tree of regions. It does
// nothing when they are there. progress may be nil.
func Reference(ctx context.Context, d Deps, progress Progress) error {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	l := loader{Deps: d, tell: progress}
	return l.regions(audit.WithActor(ctx, audit.System("reference")))
}

// Loaded tells whether the demo region is there already, whole: the calls come last.
func Loaded(ctx context.Context, d Deps) (bool, error) {
	calls, err := d.Policy.Calls(ctx, policy.Query{Limit: 1})
	return calls.Total > 0, err
}

// Load fills the node with the demo region. It may be called again: what is there is left alone, and a
// node that is complete is left at once. progress may be nil.
func Load(ctx context.Context, d Deps, progress Progress) error {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	if done, err := Loaded(ctx, d); err != nil || done {
		return err
	}
	l := loader{Deps: d, tell: progress}
	ctx = audit.WithActor(ctx, audit.System("demo"))
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"regions", l.regions},
		{"sample organisations", l.organisations},
		{"institutions", l.institutions},
		{"voucher programme", l.programme},
		{"rosters", l.rosters},
		{"sample instruments", l.instruments},
		{"sample services", l.services},
		{"price plans", l.prices},
		{"fund cards", l.funds},
		{"sample records", l.records},
		{"pictures", l.pictures},
		{"lives of records", l.lives},
		{"service records", l.served},
		{"providers", l.providers},
		{"own spreadsheets", l.sheets},
		{"records entered twice", l.twins},
		{"experts", l.experts},
		{"stories", l.stories},
		{"payments", l.payments},
		{"vouchers used elsewhere", l.crossings},
		{"files of firms", l.facts},
		{"scrutiny", l.scrutiny},
		{"an expert's own record", l.ownRecord},
		{"campus system", l.campus},
		{"calls", l.calls},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("demo: load %s: %w", step.name, err)
		}
	}
	return nil
}
