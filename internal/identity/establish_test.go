package identity

import (
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func TestEstablish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		lab := Founding{
			Key: "lab", Capacities: []string{CapacityProvider},
			Organisation: Organisation{NameZH: "示例·检测所", Region: "330402", Kind: "institute", USCC: "91350200MA2YJ1XR9G", Sample: true},
			People:       []Colleague{{Login: "Lab@test.cn", Name: "甲", Password: password, Role: RoleAdmin}},
		}
		first, err := w.Establish(ctx, lab)
		wants(t, err, "")
		entries := count(t, d, `SELECT COUNT(*) FROM audit_entry`)
		again, err := w.Establish(ctx, lab)
		wants(t, err, "")
		if again.ID != first.ID || count(t, d, `SELECT COUNT(*) FROM audit_entry`) != entries {
			t.Errorf("set up twice: %s and %s", first.ID, again.ID)
		}

		lab.Capacities = append(lab.Capacities, CapacityIntermediary) // what is missing is added
		lab.People = append(lab.People, Colleague{Login: "tech@test.cn", Name: "乙", Password: password, Role: RoleTechnician, Region: "330402"})
		_, err = w.Establish(ctx, lab)
		wants(t, err, "")
		if sub := w.as(t, "tech@test.cn"); !sub.Has(CapacityIntermediary) || sub.Role != RoleTechnician || !sub.Sample {
			t.Errorf("the technician is %+v", sub)
		}

		other := lab
		other.Key = "other"
		_, err = w.Establish(ctx, other)
		wants(t, err, "uscc-taken")
		other.Organisation.Region = "33"
		_, err = w.Establish(ctx, other)
		wants(t, err, "region-shape")
		if _, err = w.Establish(ctx, Founding{Key: "x", Organisation: lab.Organisation, Capacities: []string{"king"}}); err == nil {
			t.Error("an unknown capacity was given")
		}
	})
}
