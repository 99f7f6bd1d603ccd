package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
)

// tokenName is the name of the tokens that stories are told with.
const tokenName = "demo story"

// Tokens gives API tokens of sign-ins, each made once, valid for a day. Load revokes them when its stories are told.
func Tokens(who *identity.Service) func(ctx context.Context, login string) (string, error) {
	var mu sync.Mutex
	made := map[string]string{}
	return func(ctx context.Context, login string) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if made[login] != "" {
			return made[login], nil
		}
		s, err := who.As(ctx, login)
		if err != nil {
			return "", fmt.Errorf("sign in as %s: %w", login, err)
		}
		secret, _, err := who.IssueToken(ctx, s, tokenName, 1)
		if err != nil {
			return "", fmt.Errorf("issue a token: %w", err)
		}
		made[login] = secret
		return secret, nil
	}
}

// stories tells the stories of the demo, each as far as it goes. One whose firm is there already was told before.
func (l loader) stories(ctx context.Context) error {
	o := l.Story
	if o.Client.HTTP == nil {
		return nil
	}
	if o.Client.Token == nil {
		o.Client.Token = Tokens(l.Identity)
	}
	used, token := map[string]bool{}, o.Client.Token
	o.Client.Token = func(ctx context.Context, login string) (string, error) {
		used[login] = true
		return token(ctx, login)
	}
	o.Run, o.Now = "demo", l.Clock.Now
	if err := l.each(ctx, o); err != nil {
		return err
	}
	if err := l.inside(ctx, o); err != nil {
		return err
	}
	if l.Waits {
		if err := l.waits(ctx, o); err != nil {
			return fmt.Errorf("who waits: %w", err)
		}
	}
	if err := l.watched(ctx, o); err != nil {
		return err
	}
	if err := l.research(ctx, o); err != nil {
		return err
	}
	return l.revoke(ctx, used)
}

// each tells one story after the other.
func (l loader) each(ctx context.Context, o Options) error {
	list := casts()
	for i, s := range list {
		l.tell("stories", i, len(list))
		if _, err := l.Identity.As(ctx, address(s.cast.Login)); err == nil {
			continue
		}
		o.Cast, o.Stop = s.cast, s.stop
		told, err := Run(ctx, o)
		if err != nil {
			return err
		}
		if err := s.more(ctx, o, told); err != nil {
			return err
		}
	}
	l.tell("stories", len(list), len(list))
	return nil
}

// revoke ends the tokens that the stories were told with.
func (l loader) revoke(ctx context.Context, logins map[string]bool) error {
	for _, login := range slices.Sorted(maps.Keys(logins)) {
		s, err := l.Identity.As(ctx, login)
		if err != nil {
			return fmt.Errorf("sign in as %s: %w", login, err)
		}
		account, err := l.Identity.Account(ctx, s)
		if err != nil {
			return err
		}
		for _, one := range account.Tokens {
			if one.Name != tokenName || !one.Live(db.At(l.Clock.Now())) {
				continue
			}
			if err := l.Identity.RevokeToken(ctx, s, one.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// more tells what else a firm has under way: another commission whose quote it has to answer, needs left open.
func (s story) more(ctx context.Context, o Options, told Result) error {
	o.Run += "/more"
	t := &teller{o: o, cast: s.cast, result: Result{Firm: told.Firm, Programme: told.Programme}}
	for i, text := range s.open {
		body := object{"text": text, "confidential": i%2 == 1, "publish": true}
		if err := t.post(ctx, s.cast.Login, "/needs", fmt.Sprint("need", i), body, nil); err != nil {
			return fmt.Errorf("another need of %s: %w", s.cast.Key, err)
		}
	}
	if s.then.Key == "" {
		return nil
	}
	t.cast = s.then
	if err := t.commission(ctx); err != nil {
		return fmt.Errorf("another commission of %s: %w", s.cast.Key, err)
	}
	return t.quote(ctx)
}
