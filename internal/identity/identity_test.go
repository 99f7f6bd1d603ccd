package identity

import (
	"context"
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// regionsCSV is a piece of the tree: Jiaxing in Zhejiang, a neighbour, and a district dissolved in 2021.
const regionsCSV = "\ufeffcode,name_zh,name_en,valid_from,valid_to,successor\n" +
	"330000,浙江省,Zhejiang,,,\n330100,杭州市,Hangzhou,,,\n330104,江干区,Jianggan,,2021-04-08,330102\n330102,上城区,Shangcheng,,,\n" +
	"330400,嘉兴市,Jiaxing,,,\n330402,南湖区,Nanhu,,,\n330481,海宁市,Haining,,,\n310000,上海市,Shanghai,,,\n310115,浦东新区,Pudong,,,\n"

// cheap makes a password hash cost next to nothing.
var cheap = PasswordCost{Time: 1, Memory: 64, Threads: 1}

const password = "nanhu-rain-0409"

// world is a service on a fresh database with regions, an authority, an operator and an enterprise.
type world struct {
	*Service
	clock     *clock.Fake
	db        *db.DB
	authority Organisation
	officer   Subject
	operator  Subject
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	policy, err := NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC))
	w := &world{clock: c, db: d, Service: New(Deps{DB: d, Clock: c, Policy: policy, Root: "330400", Hash: cheap})}
	if _, err := w.LoadRegions(t.Context(), strings.NewReader(regionsCSV), "test"); err != nil {
		t.Fatal(err)
	}
	w.authority = w.establish(t, "authority", "330400", CapacityAuthority, "officer@test.cn", RoleOfficer)
	w.establish(t, "operator", "330400", CapacityOperator, "operator@test.cn", RoleAdmin)
	w.officer, w.operator = w.as(t, "officer@test.cn"), w.as(t, "operator@test.cn")
	return w
}

func (w *world) establish(t *testing.T, key, region, capacity, login, role string) Organisation {
	t.Helper()
	o, err := w.Establish(t.Context(), Founding{
		Key: key, Capacities: []string{capacity},
		Organisation: Organisation{NameZH: "示例·" + key, Region: region, Kind: "government", Sample: true},
		People:       []Colleague{{Login: login, Name: "测试人", Password: password, Role: role}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (w *world) as(t *testing.T, login string) Subject {
	t.Helper()
	s, err := w.As(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// firm is a registration with everything right.
func firm(n string) Registration {
	return Registration{
		Facts: Facts{
			NameZH: "示例·禾城新材料" + n, Region: "330402", Kind: "company", USCC: "91350200MA2YJ1XR9G",
			Capacities: []string{CapacityEnterprise, CapacityProvider}, Address: "秀园路 1 号", Website: "hecheng.example",
		},
		Founder: Founder{Name: "沈一", Login: "Firm" + n + "@Test.cn", Password: password, Phone: "0573-82011234"},
	}
}

func (w *world) register(t *testing.T, r Registration) Organisation {
	t.Helper()
	o, err := w.Register(t.Context(), Subject{}, r)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (w *world) decide(t *testing.T, org, verb string) Organisation {
	t.Helper()
	o, err := w.Decide(t.Context(), w.officer, org, verb, "材料齐全，予以办理")
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// wants fails unless err is a fault with the code (none: no error).
func wants(t *testing.T, err error, code string) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Fatalf("got %v, want fault %q", err, code)
	}
}

// fields are the names of the fields a fault finds wrong.
func fields(err error) string {
	var names []string
	if err != nil {
		for _, f := range fault.Of(err).Fields {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, " ")
}

func count(t *testing.T, d *db.DB, sql string, args ...any) int64 {
	t.Helper()
	n, err := db.One[int64](context.Background(), d, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) putUnclaimed(t *testing.T, o Organisation) (org string) {
	t.Helper()
	err := w.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		org, _, err = w.PutUnclaimed(ctx, tx, o)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return org
}
