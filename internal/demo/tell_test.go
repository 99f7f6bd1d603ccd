package demo

import (
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

// A story needs one token of each sign-in, and leaves none behind.
func TestTokensEndWithTheStories(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, now := t.Context(), clock.NewFake(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC))
		table, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		l := loader{Deps: Deps{DB: d, Clock: now, Identity: identity.New(identity.Deps{DB: d, Clock: now, Policy: table, Root: Root, Sample: true, Hash: identity.PasswordCost{Time: 1, Memory: 64, Threads: 1}})}}
		if _, err := l.Identity.Establish(ctx, identity.Founding{
			Key: "lab", Organisation: identity.Organisation{NameZH: "示例·试用", Region: Root, Kind: "institute", Sample: true},
			People: []identity.Colleague{{Login: address("lab"), Name: "示例·甲", Password: Password, Role: identity.RoleAdmin}},
		}); err != nil {
			t.Fatal(err)
		}
		token := Tokens(l.Identity)
		first, err := token(ctx, address("lab"))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := token(ctx, address("lab")); again != first || err != nil {
			t.Errorf("a second token of the same sign-in, %v", err)
		}
		s, err := l.Identity.As(ctx, address("lab"))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := l.Identity.IssueToken(ctx, s, "script", 1); err != nil {
			t.Fatal(err)
		}
		for range 2 { // what is revoked is left alone
			if err := l.revoke(ctx, map[string]bool{address("lab"): true}); err != nil {
				t.Fatal(err)
			}
		}
		account, err := l.Identity.Account(ctx, s)
		if err != nil || len(account.Tokens) != 2 {
			t.Fatalf("%d tokens, %v", len(account.Tokens), err)
		}
		for _, one := range account.Tokens {
			if one.Live(db.At(now.Now())) != (one.Name == "script") {
				t.Errorf("%s: revoked %v", one.Name, one.RevokedAt)
			}
		}
	})
}
