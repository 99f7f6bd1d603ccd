package demo

import (
	"context"
	"fmt"
	"sync"

	"qiao/internal/identity"
)

// Tokens gives API tokens of sign-ins, each made once, valid for a day.
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
		secret, _, err := who.IssueToken(ctx, s, "demo", 1)
		if err != nil {
			return "", fmt.Errorf("issue a token: %w", err)
		}
		made[login] = secret
		return secret, nil
	}
}

// stories tells the stories of the demo, each as far as it goes. One whose firm is there already was told before.
func (l loader) stories(ctx context.Context) error {
	if l.Client.HTTP == nil {
		return nil
	}
	if l.Client.Token == nil {
		l.Client.Token = Tokens(l.Identity)
	}
	list := casts()
	for i, s := range list {
		l.tell("stories", i, len(list))
		if _, err := l.Identity.As(ctx, address(s.cast.Login)); err == nil {
			continue
		}
		_, err := Run(ctx, l.Client, Options{Cast: s.cast, Stop: s.stop, Run: "demo", Now: l.Clock.Now, Wait: l.Wait})
		if err != nil {
			return err
		}
	}
	l.tell("stories", len(list), len(list))
	return nil
}
