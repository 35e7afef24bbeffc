"""Where the face networks and the trained numbers of `garden.faces.local` come from: conversion and training."""
