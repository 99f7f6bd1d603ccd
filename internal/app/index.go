package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/textindex"
	"qiao/internal/provider"
)

// followEvery bounds how long a change waits until it can be found.
const followEvery = 100 * time.Millisecond

func (a *App) snapshot() string { return filepath.Join(a.cfg.Data, "search.idx") }

// loadIndex reads the snapshots; where one is missing, damaged or of another version, both indexes
// are built from the database. What happened since is read from the change feed.
func (a *App) loadIndex(ctx context.Context) error {
	if err := a.analyser.Ready(); err != nil {
		return fmt.Errorf("load the dictionary: %w", err)
	}
	if err := errors.Join(a.find.Seed(ctx), a.find.Teach(ctx)); err != nil {
		return fmt.Errorf("read the synonyms: %w", err)
	}
	var matched string
	var ok bool
	var matchErr error
	var match sync.WaitGroup // the two take as long as each other
	match.Go(func() { matched, ok, matchErr = a.supplies.Load(a.cfg.Data) })
	position, err := a.search.Load(a.snapshot())
	match.Wait()
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, textindex.ErrSnapshot) {
		return fmt.Errorf("load the search index: %w", err)
	}
	if matchErr != nil {
		return matchErr
	}
	if err != nil || !ok || matched != position {
		return a.rebuildIndex(ctx)
	}
	at, err := strconv.ParseInt(position, 10, 64)
	if err != nil {
		return a.rebuildIndex(ctx)
	}
	newest, err := outbox.Position(ctx, a.db)
	if err != nil {
		return err
	}
	if at > newest { // the snapshot belongs to another database
		return a.rebuildIndex(ctx)
	}
	a.position.Store(at)
	return a.catchUp(ctx)
}

// rebuildIndex builds both indexes from the database; the position is read first, so that nothing that
// happens meanwhile is missed.
func (a *App) rebuildIndex(ctx context.Context) error {
	at, err := outbox.Position(ctx, a.db)
	if err != nil {
		return err
	}
	if err := a.catalogue.Rebuild(ctx); err != nil {
		return fmt.Errorf("build the search index: %w", err)
	}
	if err := a.supplies.Rebuild(ctx, a.db, a.suppliers()); err != nil {
		return fmt.Errorf("build the candidates' index: %w", err)
	}
	a.position.Store(at)
	return nil
}

// catchUp applies the changes since the indexes' position.
func (a *App) catchUp(ctx context.Context) error {
	for {
		from := a.position.Load()
		newest, err := outbox.Position(ctx, a.db)
		if err != nil || newest == from {
			return err
		}
		changes, err := outbox.After(ctx, a.db, from, 500, catalogue.ResourceChanged{}.EventName(), catalogue.ResourceTurned{}.EventName(), identity.Changed{}.EventName(), provider.CertificateTouched{}.EventName())
		if err != nil {
			return fmt.Errorf("read the change feed: %w", err)
		}
		if len(changes) == 0 {
			a.position.Store(newest)
			return nil
		}
		ids, err := changed(changes)
		if err != nil {
			return err
		}
		if err := a.catalogue.Reindex(ctx, ids); err != nil {
			return fmt.Errorf("index %d changes: %w", len(ids), err)
		}
		if err := a.supplies.Refresh(ctx, a.db, a.suppliers(), ids...); err != nil {
			return fmt.Errorf("index %d candidates: %w", len(ids), err)
		}
		a.position.Store(changes[len(changes)-1].Seq)
	}
}

// changed lists the ids of the resources and organisations that changed.
func changed(changes []outbox.Raw) ([]string, error) {
	ids := make([]string, 0, len(changes))
	for _, c := range changes {
		var e struct{ ID, Org string } // of a resource, of an organisation
		if err := json.Unmarshal([]byte(c.Body), &e); err != nil {
			return nil, fmt.Errorf("read change %d: %w", c.Seq, err)
		}
		ids = append(ids, cmp.Or(e.ID, e.Org))
	}
	return ids, nil
}

// followIndex keeps the indexes current until ctx ends.
func (a *App) followIndex(ctx context.Context) {
	t := time.NewTicker(followEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if err := errors.Join(a.catchUp(ctx), a.exchange.Follow(ctx)); err != nil && ctx.Err() == nil {
				a.log.ErrorContext(ctx, "follow the change feed", "err", err)
			}
		}
	}
}

// saveIndex writes the snapshots with the position they stand at.
func (a *App) saveIndex(context.Context) error {
	position := strconv.FormatInt(a.position.Load(), 10)
	return errors.Join(a.search.Save(a.snapshot(), position), a.supplies.Save(a.cfg.Data, position))
}

// trainEvery is how often the search index learns anew from its records.
const trainEvery = time.Hour

// trainVectors gives the search index vectors, if the operator wants them, until ctx ends.
func (a *App) trainVectors(ctx context.Context) {
	if a.cfg.Vectors <= 0 {
		return
	}
	t := time.NewTicker(trainEvery)
	defer t.Stop()
	for {
		if err := a.search.Train(ctx, textindex.Training{Most: a.cfg.Vectors}); err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "train vectors", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
