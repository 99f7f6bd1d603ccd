package catalogue

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
)

const fileColumns = `id, resource, position, sort, name, title, type, sha256, thumb, size, width, height, person, at`

// listFiles reads the files of a resource in their order.
func listFiles(ctx context.Context, q db.Q, resource string) ([]File, error) {
	out, err := db.All[File](ctx, q, `SELECT `+fileColumns+` FROM catalogue_file WHERE resource = $1 ORDER BY position, id`, resource)
	if err != nil {
		return nil, fmt.Errorf("read the files of %s: %w", resource, err)
	}
	return out, nil
}

// firstPhotos reads the first photo of each of some resources.
func firstPhotos(ctx context.Context, q db.Q, ids []string) (map[string]File, error) {
	out := map[string]File{}
	for len(ids) > 0 {
		n := min(chunk, len(ids))
		var w db.Where
		w.In("resource", ids[:n])
		w.And("sort = ?", SortPhoto)
		ids = ids[n:]
		files, err := db.All[File](ctx, q, `SELECT `+fileColumns+` FROM catalogue_file`+w.SQL()+` ORDER BY position DESC, id DESC`, w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("read photos: %w", err)
		}
		for _, f := range files {
			out[f.Resource] = f // the first comes last
		}
	}
	return out, nil
}

func insertFile(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `INSERT INTO catalogue_file (`+fileColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		f.ID, f.Resource, f.Position, f.Sort, f.Name, f.Title, f.Type, f.SHA256, f.Thumb, f.Size, f.Width, f.Height, f.Person, f.At)
	if err != nil {
		return fmt.Errorf("write a file of %s: %w", f.Resource, err)
	}
	return nil
}

func deleteFile(ctx context.Context, tx *db.Tx, file string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM catalogue_file WHERE id = $1`, file); err != nil {
		return fmt.Errorf("delete the file %s: %w", file, err)
	}
	return nil
}

// placeFiles writes the order of files.
func placeFiles(ctx context.Context, tx *db.Tx, files []File) error {
	for i, f := range files {
		if _, err := tx.Exec(ctx, `UPDATE catalogue_file SET position = $2 WHERE id = $1`, f.ID, int64(i)); err != nil {
			return fmt.Errorf("place the file %s: %w", f.ID, err)
		}
	}
	return nil
}

// withPhotos reads the first photo of each of some resources into it.
func (s *Service) withPhotos(ctx context.Context, q db.Q, list []Resource) error {
	photos, err := firstPhotos(ctx, q, idsOf(list))
	if err != nil {
		return err
	}
	for i, r := range list {
		list[i].Photo = photos[r.ID]
	}
	return nil
}
