package stats

import (
	"context"
	"sync/atomic"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/region"
)

// Stock counts what stands now, by kind and region, in the module that owns it.
type Stock func(ctx context.Context, q db.Q) ([]Part, error)

// Truth is what a module's own books say a number should be, for Verify.
type Truth struct {
	Kind   Kind  // of fact
	Facts  int64 // how many there should be; negative: not compared
	Amount int64 // their sum in fen; negative: not compared
}

// Deps is what stats is built from. Functions marked optional may be nil.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Policy *identity.Policy
	Root   string // the region this node serves, six digits

	Tree          func(ctx context.Context, q db.Q) (*identity.Tree, error)
	Organisations func(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Resources     Stock                                              // Part.Kind = kind of resource
	Institutions  Stock                                              // Part.Kind = kind of organisation
	Truths        func(ctx context.Context, q db.Q) ([]Truth, error) // optional

	Portal Portal
	Desk   Desk
}

// Service is the module: facts, numbers, the home page and the first screen of the desk.
type Service struct {
	db    *db.DB
	clock clock.Clock
	deps  Deps
	ahead atomic.Pointer[outlook] // what is free on the next open day, counted by Look
}

// New builds the module.
func New(d Deps) *Service { return &Service{db: d.DB, clock: d.Clock, deps: d} }

// Today is the scope of the whole node up to now.
func (s *Service) Today() Scope { return Scope{Until: clock.Day(s.clock.Now())} }

// districts are the codes directly below the root, the root itself when there is nothing below.
func (s *Service) districts(tree *identity.Tree) []string {
	var out []string
	for _, r := range tree.Children(s.deps.Root) {
		out = append(out, r.Code)
	}
	if len(out) == 0 {
		out = append(out, s.deps.Root)
	}
	return out
}

// placeName is the name of a region in the reader's language; an unknown one is named by its code.
func placeName(ctx context.Context, tree *identity.Tree, code string) string {
	r, ok := tree.Region(code)
	if !ok {
		return code
	}
	return i18n.Pick(ctx, r.NameZH, r.NameEN)
}

// district is the part of the root that a code lies in; false when it lies outside.
func district(districts []string, code string) (string, bool) {
	for _, d := range districts {
		if region.Within(code, d) {
			return d, true
		}
	}
	return "", false
}
