package db

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"sync"
)

// All reads every row into a T: a struct whose fields carry `db:"column"` tags (embedded structs are
// looked into), or one plain value. No row gives an empty list.
func All[T any](ctx context.Context, q Q, query string, args ...any) (out []T, err error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	paths, err := fieldsOf(reflect.TypeFor[T](), cols)
	if err != nil {
		return nil, err
	}
	dst := make([]any, len(cols))
	for rows.Next() {
		var row T
		target(reflect.ValueOf(&row).Elem(), paths, dst)
		if err := rows.Scan(dst...); err != nil {
			return nil, fmt.Errorf("scan a %T: %w", row, err)
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// One is All for the first row; ErrNone where there is none.
func One[T any](ctx context.Context, q Q, query string, args ...any) (T, error) {
	l, err := All[T](ctx, q, query, args...)
	if err == nil && len(l) == 0 {
		err = ErrNone
	}
	if err != nil {
		var zero T
		return zero, err
	}
	return l[0], nil
}

// target fills dst with pointers to the fields of v; a nil path is v itself.
func target(v reflect.Value, paths [][]int, dst []any) {
	if paths == nil {
		dst[0] = v.Addr().Interface()
		return
	}
	for i, p := range paths {
		dst[i] = v.FieldByIndex(p).Addr().Interface()
	}
}

// shapes remembers the tagged fields of each row type (reflect.Type → map[string][]int). It only
// ever repeats what reflection says, so sharing it is harmless.
var shapes sync.Map

func fieldsOf(t reflect.Type, cols []string) ([][]int, error) {
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[sql.Scanner]()) {
		if len(cols) != 1 {
			return nil, fmt.Errorf("db: %d columns do not fit into a %v", len(cols), t)
		}
		return nil, nil
	}
	m, ok := shapes.Load(t)
	if !ok {
		found := map[string][]int{}
		collect(t, nil, found)
		m, _ = shapes.LoadOrStore(t, found)
	}
	byName, _ := m.(map[string][]int)
	out := make([][]int, len(cols))
	for i, c := range cols {
		if out[i], ok = byName[c]; !ok {
			return nil, fmt.Errorf("db: %v has no field for column %q", t, c)
		}
	}
	return out, nil
}

func collect(t reflect.Type, at []int, found map[string][]int) {
	for i := range t.NumField() {
		f := t.Field(i)
		path := append(append([]int(nil), at...), i)
		if tag := f.Tag.Get("db"); tag != "" {
			found[tag] = path
		} else if f.Anonymous && f.Type.Kind() == reflect.Struct {
			collect(f.Type, path, found)
		}
	}
}
