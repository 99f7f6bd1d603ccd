package identity

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

func creds(login, pass string) Credentials {
	return Credentials{Login: login, Password: pass, Address: "192.0.2.7:5000", Agent: "test"}
}

func TestSignInAndSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		o := w.register(t, firm(""))
		cookie, err := w.SignIn(ctx, creds(" FIRM@test.cn", password))
		if err != nil {
			t.Fatal(err)
		}
		sub, err := w.Authenticate(ctx, cookie, "")
		if err != nil || sub.Org != o.ID || sub.Session == "" || sub.Token != "" {
			t.Fatalf("acts as %+v, %v", sub, err)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM identity_session WHERE hash = $1`, cookie); n != 0 {
			t.Error("the cookie itself is stored")
		}

		w.clock.Advance(11 * time.Hour) // within the idle time: used, so extended
		if sub, err = w.Authenticate(ctx, cookie, ""); err != nil || !sub.SignedIn() {
			t.Fatalf("after 11 hours: %+v, %v", sub, err)
		}
		w.clock.Advance(11 * time.Hour)
		if sub, err = w.Authenticate(ctx, cookie, ""); err != nil || !sub.SignedIn() {
			t.Fatalf("after 22 hours: %+v, %v", sub, err)
		}
		w.clock.Advance(13 * time.Hour)
		if sub, err = w.Authenticate(ctx, cookie, ""); err != nil || sub.SignedIn() {
			t.Fatalf("after 13 idle hours: %+v, %v", sub, err)
		}
		if err := w.Prune(ctx); err != nil {
			t.Fatal(err)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM identity_session`); n != 0 {
			t.Errorf("%d sessions left after pruning", n)
		}

		cookie, err = w.SignIn(ctx, creds("firm@test.cn", password))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.SignOut(ctx, cookie); err != nil {
			t.Fatal(err)
		}
		if sub, err = w.Authenticate(ctx, cookie, ""); err != nil || sub.SignedIn() {
			t.Fatalf("after signing out: %+v, %v", sub, err)
		}
		wants(t, w.SignOut(ctx, cookie), "")
	})
}

func TestSessionMax(t *testing.T) {
	w, ctx := newWorld(t, dbtest.SQLite(t)), t.Context()
	cookie, err := w.SignIn(ctx, creds("officer@test.cn", password))
	if err != nil {
		t.Fatal(err)
	}
	for h := 0; h < 7*24; h += 10 {
		if sub, err := w.Authenticate(ctx, cookie, ""); err != nil || !sub.SignedIn() {
			t.Fatalf("after %d hours: %+v, %v", h, sub, err)
		}
		w.clock.Advance(10 * time.Hour)
	}
	if sub, err := w.Authenticate(ctx, cookie, ""); err != nil || sub.SignedIn() {
		t.Fatalf("after a week of use: %+v, %v", sub, err)
	}
}

// TestLockout: a wrong password and a login that does not exist give the same answers, try after try.
func TestLockout(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		for _, login := range []string{"officer@test.cn", "nobody@test.cn"} {
			for range 5 {
				_, err := w.SignIn(ctx, creds(login, "wrong-password"))
				wants(t, err, "sign-in-failed")
			}
			_, err := w.SignIn(ctx, creds(login, password))
			wants(t, err, "sign-in-locked")
			if f := fault.Of(err); f.Kind != fault.TooMany || f.Args[0] != 15 {
				t.Errorf("locked as %v %v", f.Kind, f.Args)
			}
		}
		_, err := w.SignIn(ctx, creds("operator@test.cn", password))
		wants(t, err, "") // the address is not locked by two logins
		w.clock.Advance(15 * time.Minute)
		_, err = w.SignIn(ctx, creds("officer@test.cn", password))
		wants(t, err, "")
		for range 4 {
			_, err = w.SignIn(ctx, creds("officer@test.cn", "wrong-password"))
			wants(t, err, "sign-in-failed")
		}
		_, err = w.SignIn(ctx, creds("officer@test.cn", password)) // right in time: the count begins anew
		wants(t, err, "")
		_, err = w.SignIn(ctx, creds("officer@test.cn", "wrong-password"))
		wants(t, err, "sign-in-failed")
	})
}

func TestLockoutByAddress(t *testing.T) {
	w, ctx := newWorld(t, dbtest.SQLite(t)), t.Context()
	from := func(address string) error {
		_, err := w.SignIn(ctx, Credentials{Login: "x" + address + w.clock.Now().String(), Password: "wrong", Address: address})
		w.clock.Advance(time.Second)
		return err
	}
	for range 50 {
		wants(t, from("[2001:db8::1]:443"), "sign-in-failed")
	}
	wants(t, from("[2001:db8::ffff]:80"), "sign-in-locked") // the same /64
	wants(t, from("[2001:db8:0:1::1]:80"), "sign-in-failed")
	for range 60 { // right ones are taken back
		_, err := w.SignIn(ctx, Credentials{Login: "officer@test.cn", Password: password, Address: "192.0.2.9"})
		wants(t, err, "")
	}
}

// TestLockoutManyAtOnce: guesses that arrive together do not get more tries than guesses one by one.
func TestLockoutManyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var wait sync.WaitGroup
		var mu sync.Mutex
		tried := 0
		for range 20 {
			wait.Go(func() {
				_, err := w.SignIn(context.WithoutCancel(t.Context()), creds("officer@test.cn", "wrong-password"))
				if fault.Is(err, "sign-in-failed") {
					mu.Lock()
					tried++
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		if tried != 5 {
			t.Errorf("%d guesses were answered, want 5", tried)
		}
	})
}

func TestTokens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		secret, token, err := w.IssueToken(ctx, w.officer, "脚本", 30)
		if err != nil || !strings.HasPrefix(secret, "qiao_") {
			t.Fatalf("token %q, %v", secret, err)
		}
		sub, err := w.Authenticate(ctx, "", secret)
		if err != nil || sub.Org != w.authority.ID || sub.Token != token.ID || sub.Session != "" {
			t.Fatalf("acts as %+v, %v", sub, err)
		}
		_, err = w.Authenticate(ctx, "", secret+"x")
		wants(t, err, "token-refused")
		wants(t, w.RevokeToken(ctx, w.operator, token.ID), "token-not-found")
		wants(t, w.RevokeToken(ctx, w.officer, token.ID), "")
		wants(t, w.RevokeToken(ctx, w.officer, token.ID), "token-not-found")
		_, err = w.Authenticate(ctx, "", secret)
		wants(t, err, "token-refused")

		secret, _, err = w.IssueToken(ctx, w.officer, "脚本", 1)
		wants(t, err, "")
		w.clock.Advance(25 * time.Hour)
		_, err = w.Authenticate(ctx, "", secret)
		wants(t, err, "token-refused")
		_, _, err = w.IssueToken(ctx, w.officer, " ", 1000)
		if fields(err) != "token_name days" {
			t.Errorf("fields %q", fields(err))
		}
		_, err = w.As(ctx, "nobody@test.cn")
		wants(t, err, "login-not-found")
	})
}

func TestAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		w.register(t, firm(""))
		team := firm("·二队")
		team.USCC, team.Capacities = "", []string{CapacityTeam}
		second, err := w.Register(ctx, w.as(t, "firm@test.cn"), team)
		wants(t, err, "")
		cookie, err := w.SignIn(ctx, creds("firm@test.cn", password))
		wants(t, err, "")
		other, err := w.SignIn(ctx, creds("firm@test.cn", password))
		wants(t, err, "")
		sub, err := w.Authenticate(ctx, cookie, "")
		wants(t, err, "")

		a, err := w.Account(ctx, sub)
		if err != nil || len(a.Memberships) != 2 || len(a.Sessions) != 2 || a.Profile.Login != "firm@test.cn" {
			t.Fatalf("account %+v, %v", a, err)
		}
		wants(t, w.ActAs(ctx, sub, a.Memberships[1].ID), "")
		if sub, err = w.Authenticate(ctx, cookie, ""); err != nil || sub.Org != second.ID {
			t.Fatalf("acts as %+v, %v", sub, err)
		}
		wants(t, w.ActAs(ctx, sub, w.officer.Membership), "membership-not-found")

		wants(t, w.ChangePassword(ctx, sub, "not the old one", "a-new-password-1"), "password-wrong")
		wants(t, w.ChangePassword(ctx, sub, password, "short"), "password-short")
		wants(t, w.ChangePassword(ctx, sub, password, "a-new-password-1"), "")
		if gone, err := w.Authenticate(ctx, other, ""); err != nil || gone.SignedIn() {
			t.Errorf("the other session lives: %+v, %v", gone, err)
		}
		if here, err := w.Authenticate(ctx, cookie, ""); err != nil || !here.SignedIn() {
			t.Errorf("this session ended: %+v, %v", here, err)
		}
		_, err = w.SignIn(ctx, creds("firm@test.cn", password))
		wants(t, err, "sign-in-failed")

		err = w.SaveProfile(ctx, sub, Profile{Name: "", Phone: "abc", ORCID: "0000-0002-1825-0098"})
		if fields(err) != "name phone orcid" {
			t.Errorf("fields %q", fields(err))
		}
		wants(t, w.SaveProfile(ctx, sub, Profile{Name: "沈二", ORCID: "https://orcid.org/0000-0002-1694-233x", Language: "en"}), "")
		wants(t, w.SaveProfile(ctx, w.officer, Profile{Name: "官", ORCID: "0000-0002-1694-233X"}), "profile-invalid")
		wants(t, w.EndSession(ctx, w.officer, sub.Session), "session-not-found")
		wants(t, w.EndSession(ctx, sub, sub.Session), "")
	})
}

func TestPasswordGrowsWithItsCost(t *testing.T) {
	w, ctx := newWorld(t, dbtest.SQLite(t)), t.Context()
	dearer := PasswordCost{Time: 2, Memory: 128, Threads: 1}
	w.deps.Hash = dearer
	for range 2 {
		_, err := w.SignIn(ctx, creds("officer@test.cn", password))
		wants(t, err, "")
	}
	a, err := accountByLogin(ctx, w.db, "officer@test.cn")
	if err != nil {
		t.Fatal(err)
	}
	if cost, _, _, err := parseHash(a.Password); err != nil || cost != dearer {
		t.Errorf("hashed at %+v, %v", cost, err)
	}
}

func TestPassword(t *testing.T) {
	hash, err := HashPassword(password, cheap)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := HashPassword(password, cheap); again == hash {
		t.Error("two hashes are alike: no salt")
	}
	for _, c := range []struct {
		hash, password string
		fits, fails    bool
	}{
		{hash, password, true, false},
		{hash, password + " ", false, false},
		{"", "", false, false},
		{hash[:20], password, false, true},
		{"$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHQ$" + strings.Repeat("A", 43), password, false, true},
		{"$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHQ$" + strings.Repeat("A", 43), password, false, true},
		{"$2a$10$abcdefghijklmnopqrstuv", password, false, true},
	} {
		fits, err := CheckPassword(c.hash, c.password)
		if fits != c.fits || (err != nil) != c.fails {
			t.Errorf("CheckPassword(%q, %q) = %v, %v", c.hash, c.password, fits, err)
		}
	}
	for p, code := range map[string]string{
		"123456789": "password-short", strings.Repeat("长", 129): "password-long", "my-officer-password": "password-login", "水乡的雨天适合写代码": "",
	} {
		wants(t, GoodPassword(p, "officer@test.cn"), code)
	}
}

func FuzzCheckPassword(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAA")
	f.Fuzz(func(t *testing.T, hash string) {
		if _, _, _, err := parseHash(hash); err != nil {
			return
		}
		if !strings.HasPrefix(hash, "$argon2id$") {
			t.Errorf("%q is taken for a hash", hash)
		}
	})
}
