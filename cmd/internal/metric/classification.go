package metric

import (
	"fmt"
	"math"
)

// Classification accumulates the answers of a classifier.
type Classification struct {
	classes   int
	confusion []int64 // [true class][predicted class]
	undecided []int64 // by true class
	loss      []sum   // by true class
	squared   sum
}

// NewClassification makes an accumulator for a number of classes, at least 1. It takes memory for
// the square of it.
func NewClassification(classes int) *Classification {
	return &Classification{
		classes:   classes,
		confusion: make([]int64, classes*classes),
		undecided: make([]int64, classes),
		loss:      make([]sum, classes),
	}
}

// Add counts a row of the class truth. predicted is the class that the model decides for, or -1 if
// it decides for none; loss is the row's loss and squared its squared error, or NaN for a model that
// gives no probabilities.
func (c *Classification) Add(truth, predicted int, loss, squared float64) {
	if truth < 0 || truth >= c.classes || predicted < -1 || predicted >= c.classes {
		panic(fmt.Sprintf("metric: true class %d, predicted class %d of %d", truth, predicted, c.classes))
	}
	if predicted < 0 {
		c.undecided[truth]++
	} else {
		c.confusion[truth*c.classes+predicted]++
	}
	c.loss[truth].add(loss)
	c.squared.add(squared)
}

// Classes is the number of classes.
func (c *Classification) Classes() int { return c.classes }

// Confusion returns how many rows of each class were predicted to be of each class, truth by truth.
func (c *Classification) Confusion() [][]int64 {
	rows := make([][]int64, c.classes)
	for i := range rows {
		rows[i] = c.confusion[i*c.classes:][:c.classes:c.classes]
	}
	return rows
}

// Rows is the number of rows.
func (c *Classification) Rows() int64 {
	n := int64(0)
	for class := range c.classes {
		n += c.ClassRows(class)
	}
	return n
}

// ClassRows is the number of rows of a true class.
func (c *Classification) ClassRows(class int) int64 {
	n := c.undecided[class]
	for _, count := range c.confusion[class*c.classes:][:c.classes] {
		n += count
	}
	return n
}

// Correct is the number of rows whose class was predicted.
func (c *Classification) Correct() int64 {
	n := int64(0)
	for class := range c.classes {
		n += c.confusion[class*c.classes+class]
	}
	return n
}

// Undecided is the number of rows for which the model decided for no class. They count as wrong.
func (c *Classification) Undecided() int64 {
	n := int64(0)
	for _, count := range c.undecided {
		n += count
	}
	return n
}

// Accuracy is the part of the rows whose class was predicted, NaN without rows.
func (c *Classification) Accuracy() float64 {
	return float64(c.Correct()) / float64(c.Rows())
}

// CrossEntropy is the mean loss of the rows, in nats, NaN without rows.
func (c *Classification) CrossEntropy() float64 {
	var total sum
	for _, s := range c.loss {
		total.add(s.value())
	}
	return total.value() / float64(c.Rows())
}

// MeanSquared is the mean squared error of the rows' probabilities, NaN without rows.
func (c *Classification) MeanSquared() float64 { return c.squared.value() / float64(c.Rows()) }

// ClassLoss is the mean loss of the rows of a true class, in nats, NaN without such rows.
func (c *Classification) ClassLoss(class int) float64 {
	n := c.ClassRows(class)
	if n == 0 {
		return math.NaN()
	}
	return c.loss[class].value() / float64(n)
}
