package importing

import (
	"context"

	"qiao/internal/platform/db"
)

// Mapping is a plan that an owner has saved under a name.
type Mapping struct {
	ID, Org, Name string
	Plan          Plan
	At            db.Time
}

func (s *Service) mappingNamed(ctx context.Context, org, name string) (Mapping, error) {
	return Mapping{}, nil
}

func (s *Service) mappingFor(ctx context.Context, org string, headings []string) (Mapping, bool, error) {
	return Mapping{}, false, nil
}
