"""Where the face networks and the trained numbers of `garden.emotion.local` come from: conversion and training."""
