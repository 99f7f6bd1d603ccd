package cataloguetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/textindex"
)

// What every service around the catalogue is made of.
const (
	Node    = "test"
	Root    = "330400"
	Address = "https://qiao.example"
)

// World is what services are made of in a test: a fresh database, a clock that stands, and two providers.
type World struct {
	T          testing.TB
	DB         *db.DB
	Clock      *clock.Fake
	Policy     *identity.Policy
	Orgs       *identity.Service
	Index      *textindex.Engine
	Blobs      blob.Store
	Lab, Other identity.Subject // verified providers in two counties
}

// NewWorld builds a world on a database.
func NewWorld(t testing.TB, d *db.DB) *World {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &World{
		T: t, DB: d, Policy: policy, Blobs: blobs,
		Clock: clock.NewFake(time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC)),
		Index: textindex.New(textindex.NewAnalyser(), textindex.Options{}),
	}
	w.Orgs = identity.New(identity.Deps{DB: d, Clock: w.Clock, Policy: policy, Root: Root})
	w.Lab, w.Other = w.Provider("示例·南湖检测研究院", "330402"), w.Provider("示例·秀洲材料中心", "330411") //i18n:data
	return w
}

// Provider adds a verified provider and gives somebody who acts for it.
func (w *World) Provider(name, region string) identity.Subject {
	w.T.Helper()
	var org string
	err := w.DB.InTx(w.T.Context(), func(ctx context.Context, tx *db.Tx) error {
		var err error
		org, _, err = w.Orgs.PutUnclaimed(ctx, tx, identity.Organisation{NameZH: name, Kind: identity.Kinds()[0], Region: region, Source: "test", SourceID: name, Sample: true})
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return identity.Subject{Person: "person-" + region, Membership: "m-" + region, Org: org, OrgName: name, OrgStatus: identity.StatusVerified, Role: "admin", Region: region, Capacities: []string{"provider"}, Sample: true}
}

// Firm is somebody who acts for a verified enterprise.
func Firm() identity.Subject {
	return identity.Subject{Person: "firm", Org: "firm", OrgStatus: identity.StatusVerified, Role: "admin", Region: "330402", Capacities: []string{"enterprise"}}
}

// Organisation reads one.
func (w *World) Organisation(id string) identity.Organisation {
	w.T.Helper()
	o, err := w.Orgs.Organisation(w.T.Context(), w.DB, id)
	if err != nil {
		w.T.Fatal(err)
	}
	return o
}

// LoadRegions loads the regions that the providers lie in, for tests that name places.
func (w *World) LoadRegions() {
	w.T.Helper()
	const rows = "code,name_zh,name_en\n330000,浙江省,Zhejiang\n330400,嘉兴市,Jiaxing\n330402,南湖区,Nanhu\n330411,秀洲区,Xiuzhou\n" //i18n:data
	if _, err := w.Orgs.LoadRegions(w.T.Context(), strings.NewReader(rows), "test"); err != nil {
		w.T.Fatal(err)
	}
}
